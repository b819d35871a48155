import { Counter, Histogram, type Registry } from 'prom-client';
import type { StreamState } from '../anonymizer/index.ts';

/** Called once for each stream that opens; what it gives hears of every second of that stream. */
export type ObserveStream = () => (state: StreamState) => void;

const LATENCY_BUCKETS_S = [0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.2, 0.4, 1];
const HOLD_BUCKETS_S = [0.2, 0.3, 0.4, 0.5, 0.6];

/**
 * What the server's anonymizers do, over all streams and without a room's name. A stream tells
 * counts since its own start; a counter takes what came since the last time.
 */
export function streamMetrics(registry: Registry): ObserveStream {
  const registers = [registry];
  const counter = (name: string, help: string): Counter =>
    new Counter({ name: `drape_stream_${name}_total`, help, registers });
  const framesIn = counter('frames_in', 'Raw pictures that server streams decoded.');
  const framesOut = counter('frames_out', 'Anonymized pictures that server streams sent.');
  const whole = counter('frames_covered_whole', 'Pictures of those that were covered whole.');
  const dropped = counter('dropped', 'Pictures for which queues had no room.');
  const lost = counter('packets_lost', 'Packets from publishers that never came.');
  const latency = new Histogram({
    name: 'drape_stream_added_latency_seconds',
    help: 'From a picture coming in to going out, on top of the hold.',
    buckets: LATENCY_BUCKETS_S,
    registers,
  });
  const hold = new Histogram({
    name: 'drape_stream_hold_seconds',
    help: 'How long pictures wait for their detectors, once a second for each stream.',
    buckets: HOLD_BUCKETS_S,
    registers,
  });
  return () => {
    let before: StreamState['totals'] | undefined;
    return (state) => {
      const { totals } = state;
      const since = (name: keyof StreamState['totals']): number =>
        Math.max(0, totals[name] - (before?.[name] ?? 0));
      framesIn.inc(since('framesIn'));
      framesOut.inc(since('framesOut'));
      dropped.inc(since('dropped'));
      lost.inc(since('packetsLost'));
      whole.inc(state.wholeFrames);
      for (const ms of state.addedMs) latency.observe(Math.max(0, ms) / 1000);
      hold.observe(state.holdMs / 1000);
      before = totals;
    };
  };
}
