import { LiveError, publisherStatsSchema } from '@drape/contract';
import { openStreamAnonymizer, StreamAnonymizerError } from '../anonymizer/index.ts';
import type { OpenParts } from '../anonymizer/open-stream-anonymizer.ts';
import type { StreamOptions } from '../anonymizer/options.ts';
import type { OpenAnonymizer } from '../rooms/index.ts';
import type { ObserveStream } from './stream-metrics.ts';

export interface Site extends Pick<StreamOptions, 'insideFrom'> {
  /** Hears what each stream says of itself, once a second. */
  readonly observe?: ObserveStream;
}

/** One process per stream; `site` is what was set for all of them, `parts` are for tests that bring a program of their own. */
export function processPerStream(
  { observe, ...site }: Site = {},
  parts: OpenParts = {},
): OpenAnonymizer {
  return async (request, events) => {
    const stream = await openStreamAnonymizer({ ...request, ...site }, parts).catch(
      (cause: unknown) => {
        const why = cause instanceof StreamAnonymizerError ? cause.message : 'it did not start';
        throw new LiveError('anonymizer-unavailable', `the anonymizer: ${why}`, { cause });
      },
    );
    const observed = observe?.();
    stream.on('state', (state) => {
      observed?.(state);
      // Only what is for everybody: the rest is for operators.
      events.onStats(publisherStatsSchema.parse(state));
    });
    stream.on('timeline', events.onTimeline);
    stream.on('keyframe-wanted', events.onKeyframeWanted);
    stream.on('ended', (error) => {
      events.onEnded(error.reason);
    });
    return stream;
  };
}
