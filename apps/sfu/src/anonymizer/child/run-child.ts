import {
  DetectorError,
  ProfileError,
  SupervisedDetector,
  type Clock,
  type Detector,
} from '@drape/anonymizer/core';
import { liveProfile, type LiveCodec } from '@drape/anonymizer/node';
import { LIVE_TIMELINE_BATCH } from '@drape/contract';
import { toChildSchema, type Attestation, type FromChild, type ToChild } from '../messages.ts';
import type { StreamOptions } from '../options.ts';
import { Stream } from './stream.ts';

const STATE_EVERY_MS = 1000;
const MAX_DETAIL = 500;
const WARM_LIMIT_MS = 60_000;
const CLOCK: Clock = {
  nowMs: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

export interface ChildParts {
  /** Opens a detector of each id, or rejects with a DetectorError. */
  readonly openDetectors: (ids: readonly string[]) => Promise<Detector[]>;
}

/**
 * What the process of a stream does: waits for `start`, opens everything, warms the detectors up,
 * says `ready`, and works until the server goes away or tells it to. Nothing is sent before.
 */
export function runChild(parts: ChildParts): void {
  let stream: Stream | undefined;
  let started = false;
  const fail = (error: unknown): void => {
    send({ type: 'failed', ...failureOf(error) });
    process.exitCode = 1;
    // What hangs must not keep a process alive that nobody needs; the message goes out first.
    setTimeout(() => process.exit(1), 100);
  };
  const start = async (options: StreamOptions): Promise<void> => {
    const profile = liveProfile(options.profile, options);
    const codec = codecOf(options.input.mimeType);
    const detectors = await Promise.all(
      profile.detectors.map(({ id }) => openSupervised(id, parts.openDetectors)),
    );
    const opened = await Stream.open({
      options,
      codec,
      profile,
      detectors,
      onKeyframeWanted: () => {
        send({ type: 'keyframe-wanted' });
      },
      onFailed: fail,
    });
    stream = opened;
    setInterval(() => {
      send({ type: 'state', state: opened.takeState() });
      const events = opened.takeTimeline();
      while (events.length > 0) {
        send({ type: 'timeline', events: events.splice(0, LIVE_TIMELINE_BATCH) });
      }
    }, STATE_EVERY_MS);
    const attestation = attestationOf(profile.name, detectors);
    send({ type: 'ready', listen: opened.listen, attestation });
  };
  const hear = (message: ToChild): void => {
    switch (message.type) {
      case 'start':
        if (started) return;
        started = true;
        start(message.options).catch(fail);
        return;
      case 'keyframe':
        stream?.requestKeyframe();
        return;
      case 'max-bitrate':
        stream?.setMaxBitrate(message.bps);
        return;
      case 'ping':
        send({ type: 'pong', n: message.n, rssBytes: process.memoryUsage.rss() });
    }
  };
  process.on('message', (message) => {
    const parsed = toChildSchema.safeParse(message);
    if (parsed.success) hear(parsed.data);
    else fail(new BadOptions(`the server sent a message that is none: ${parsed.error.message}`));
  });
  // The server is gone, or wants this process to go: nothing here is worth a moment's delay.
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
}

/** Opened again where it dies or hangs; until then what it should have decided is covered. */
function openSupervised(
  id: string,
  openDetectors: ChildParts['openDetectors'],
): Promise<SupervisedDetector> {
  const open = async (): Promise<Detector> => {
    const [detector] = await openDetectors([id]);
    if (detector) return detector;
    throw new DetectorError(id, 'model-missing');
  };
  return SupervisedDetector.open({ open, clock: CLOCK, warmUps: 1, warmLimitMs: WARM_LIMIT_MS });
}

class BadOptions extends Error {}

function codecOf(mimeType: string): LiveCodec {
  const name = mimeType.toLowerCase();
  if (name === 'video/h264') return 'h264';
  if (name === 'video/vp8') return 'vp8';
  throw new BadOptions(`input.mimeType "${mimeType}" is not read; publish H.264 or VP8`);
}

function attestationOf(profile: string, detectors: readonly Detector[]): Attestation {
  return { profile, models: detectors.flatMap(({ info }) => info.models.map((m) => ({ ...m }))) };
}

function failureOf(error: unknown): Omit<Extract<FromChild, { type: 'failed' }>, 'type'> {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = said.slice(0, MAX_DETAIL);
  if (error instanceof DetectorError) return { reason: 'missing-detector', message };
  const isOptions = error instanceof ProfileError || error instanceof BadOptions;
  return { reason: isOptions ? 'bad-options' : 'failed', message };
}

function send(message: FromChild): void {
  // A server that is gone is heard of by `disconnect`.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
