import { publisherStatsSchema } from '@drape/contract';
import * as z from 'zod';

/** Pictures told of one by one in a second; of more, the newest. */
export const MOST_PICTURES = 1000;

const count = z.int().nonnegative();

/** What the publisher's page and the room show, and what only operators want to know. */
export const streamStateSchema = publisherStatsSchema.extend({
  /** What of the latency came on top of the hold, in milliseconds, of each picture that went out. */
  addedMs: z.array(z.number()).max(MOST_PICTURES),
  /** Why the last frame was covered whole, if it was. */
  whole: z.exactOptional(z.string()),
  /** Frames of the second that were covered whole. */
  wholeFrames: count,
  /** Since the start. */
  totals: z.object({
    packetsIn: count,
    packetsLost: count,
    /** Datagrams that are not of this stream. */
    packetsForeign: count,
    framesIn: count,
    framesOut: count,
    /** Coded pictures and painted frames for which queues had no room. */
    dropped: count,
    keyframesOut: count,
  }),
});

/** One second of a stream's anonymizer. */
export type StreamState = z.infer<typeof streamStateSchema>;
