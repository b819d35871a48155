import { availableParallelism } from 'node:os';
import { weightsOf, withInsideFrom, type Detector } from '@drape/anonymizer/core';
import { liveProfile } from '@drape/anonymizer/node';
import { LIVE_TIMELINE_BATCH } from '@drape/contract';
import { toChildSchema, type Attestation, type FromChild, type ToChild } from '../messages.ts';
import type { StreamOptions } from '../options.ts';
import { codecOf } from './failure-of.ts';
import { hostChild } from './host.ts';
import { openSupervised, type OpenDetectors } from './open-supervised.ts';
import { Stream } from './stream.ts';

const STATE_EVERY_MS = 1000;

/**
 * What the process of a stream does: waits for `start`, opens everything, warms the detectors up,
 * says `ready`, and works until the server goes away or tells it to. Nothing is sent before.
 */
export function runChild(parts: { readonly openDetectors: OpenDetectors }): void {
  let stream: Stream | undefined;
  let started = false;
  const hear = (message: ToChild): void => {
    switch (message.type) {
      case 'start':
        if (started) return;
        started = true;
        start(message.options).catch(host.fail);
        return;
      case 'keyframe':
        stream?.requestKeyframe();
        return;
      case 'max-bitrate':
        stream?.setMaxBitrate(message.bps);
        return;
      case 'ping':
        host.send({ type: 'pong', n: message.n, rssBytes: process.memoryUsage.rss() });
    }
  };
  const host = hostChild<ToChild, FromChild>({ schema: toChildSchema, hear });

  const start = async (options: StreamOptions): Promise<void> => {
    const { profile: name, holdMs, insideFrom } = options;
    const live = liveProfile(name, { holdMs, cores: availableParallelism() });
    const profile = withInsideFrom(live, insideFrom);
    const codec = codecOf(options.input.mimeType);
    const ids = profile.detectors.map(({ id }) => id);
    const detectors = await openSupervised(ids, parts.openDetectors);
    const opened = await Stream.open({
      options,
      codec,
      profile,
      detectors,
      onKeyframeWanted: () => {
        host.send({ type: 'keyframe-wanted' });
      },
      onFailed: host.fail,
    });
    stream = opened;
    setInterval(() => {
      host.send({ type: 'state', state: opened.takeState() });
      const events = opened.takeTimeline();
      while (events.length > 0) {
        host.send({ type: 'timeline', events: events.splice(0, LIVE_TIMELINE_BATCH) });
      }
    }, STATE_EVERY_MS);
    const attestation = attestationOf(profile.name, detectors);
    host.send({ type: 'ready', listen: opened.listen, attestation });
  };
}

function attestationOf(profile: string, detectors: readonly Detector[]): Attestation {
  return { profile, models: weightsOf(detectors).map((model) => ({ ...model })) };
}
