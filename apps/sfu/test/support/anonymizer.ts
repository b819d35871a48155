import { LiveError } from '@drape/contract';
import type { AnonymizerEvents, AnonymizerRequest, OpenAnonymizer } from '../../src/rooms/index.ts';
import { keyframePacket, udp } from './rtp.ts';

export interface FakeRun {
  readonly request: AnonymizerRequest;
  readonly events: AnonymizerEvents;
  closed: boolean;
  bitrates: number[];
  /** It dies, as if killed. */
  die(): void;
  /** It goes on, but sends nothing. */
  mute(muted: boolean): void;
}

export interface FakeAnonymizers {
  readonly open: OpenAnonymizer;
  readonly runs: FakeRun[];
  /** The next this many do not start. */
  failures: number;
  close(): void;
}

/** Processes that never decode, but send real RTP to where the room told them to. */
export function fakeAnonymizers(): FakeAnonymizers {
  const runs: FakeRun[] = [];
  const stops = new Set<() => void>();
  const fake: FakeAnonymizers = {
    runs,
    failures: 0,
    close: () => {
      for (const stop of stops) stop();
    },
    open: async (request, events) => {
      if (fake.failures > 0) {
        fake.failures--;
        throw new LiveError('anonymizer-unavailable', 'told not to start');
      }
      const { socket, at } = await udp();
      let sequence = 0;
      let muted = false;
      const { output } = request;
      const timer = setInterval(() => {
        if (!muted) socket.send(keyframePacket(output, ++sequence), output.port, output.ip);
      }, 10);
      const stop = (): void => {
        if (!stops.delete(stop)) return;
        clearInterval(timer);
        socket.close();
      };
      stops.add(stop);
      const run: FakeRun = {
        request,
        events,
        closed: false,
        bitrates: [],
        mute: (wanted) => {
          muted = wanted;
        },
        die: () => {
          stop();
          events.onEnded('killed');
        },
      };
      runs.push(run);
      return {
        listen: at,
        attestation: { profile: request.profile, models: [{ id: 'fake', sha256: '0'.repeat(64) }] },
        requestKeyframe: () => undefined,
        setMaxBitrate: (bps) => run.bitrates.push(bps),
        close: () => {
          run.closed = true;
          stop();
          return Promise.resolve();
        },
      };
    },
  };
  return fake;
}
