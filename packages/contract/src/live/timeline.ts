import * as z from 'zod';
import { detectionClass, wholeCause } from '../timeline.ts';

/** Microseconds of the stream's own time; 0 is the epoch's first frame. */
const timeUs = z.int().nonnegative();
const text = z.string().max(200);
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** What a live pipeline tells of itself while it runs; the recording's timeline is made of these. */
export const liveTimelineEventSchema = z.discriminatedUnion('type', [
  /** A track that ended (or was cut off by the end of the epoch). */
  z.object({
    type: z.literal('track'),
    id: z.int(),
    class: detectionClass,
    detector: text,
    fromUs: timeUs,
    toUs: timeUs,
    bestScore: z.number().min(0).max(1),
    /** Smallest box around all its sightings, `[x, y, w, h]` in pixels. */
    box,
    sightings: z.int().positive(),
  }),
  /** Frames covered whole, in a row, for one cause. */
  z.object({
    type: z.literal('whole'),
    fromUs: timeUs,
    toUs: timeUs,
    frames: z.int().positive(),
    cause: wholeCause,
  }),
  z.object({ type: z.literal('event'), atUs: timeUs, kind: text, detail: text }),
]);
export type LiveTimelineEvent = z.infer<typeof liveTimelineEventSchema>;

/** A sender with more splits them up. */
export const LIVE_TIMELINE_BATCH = 100;
