import * as z from 'zod';

/** Microseconds of media time. */
const timeUs = z.int();

/** `[x, y, w, h]` in pixels of the coded picture (before display rotation). */
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** `outside`: the whole picture, where it is not surely inside a body. */
export const detectionClass = z.enum([
  'face',
  'head',
  'person',
  'text',
  'code',
  'screen',
  'outside',
]);

export const wholeCause = z.enum([
  'undecided',
  'detector-failed',
  'overload',
  'damaged',
  'saturated',
  'out-of-body',
  'by-hand',
  'closing',
]);

export const trackSchema = z.object({
  /** Unique within the timeline; below 0 for tracks that only the backward pass found. */
  id: z.int(),
  class: detectionClass,
  detector: z.string(),
  /** First and last moment at which it was covered. */
  fromUs: timeUs,
  toUs: timeUs,
  /** Highest score of its sightings, 0..1, comparable within one detector. */
  bestScore: z.number().min(0).max(1),
  /** What the detector saw, not grown. Covers between them are interpolated. */
  sightings: z.array(z.object({ atUs: timeUs, box, score: z.number().min(0).max(1) })),
});

export const wholeSchema = z.object({
  fromUs: timeUs,
  /** Time of the last frame that was covered whole. */
  toUs: timeUs,
  frames: z.int().positive(),
  cause: wholeCause,
});

export const eventSchema = z.object({
  atUs: timeUs,
  kind: z.enum([
    'detector-failed',
    'overload-step',
    'hold-changed',
    'size-changed',
    'short-lookahead',
    'saturated',
  ]),
  detail: z.string(),
});

/**
 * What was covered in one recording, when, where, by which detector and why. Everything later
 * (review, search, manifest, re-mask, audit) reads this one artefact. It holds no pixels, no
 * recognised text and no file names but those of outputs.
 */
export const timelineSchema = z.object({
  schema: z.literal('drape.timeline/1'),
  media: z.object({
    kind: z.enum(['video', 'still']),
    widthPx: z.int().positive(),
    heightPx: z.int().positive(),
    /** Clockwise turn for display. */
    rotationDeg: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
    frames: z.int().nonnegative(),
    firstUs: timeUs,
    lastUs: timeUs,
  }),
  policy: z.object({
    profile: z.string(),
    style: z.enum(['solid', 'pixelate', 'blur']),
    /** Look-ahead in milliseconds; `whole`: the whole recording was known. */
    hold: z.union([z.literal('whole'), z.number().nonnegative()]),
    passes: z.union([z.literal(1), z.literal(2)]),
    detectors: z.array(
      z.object({
        id: z.string(),
        required: z.boolean(),
        classes: z.array(detectionClass),
        /** Scores from which a sighting keeps (low) and starts (high) a track. */
        low: z.number(),
        high: z.number(),
        models: z.array(z.object({ id: z.string(), sha256: z.string() })),
      }),
    ),
    always: z.array(
      z.object({ name: z.string(), x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
    ),
  }),
  tracks: z.array(trackSchema),
  whole: z.array(wholeSchema),
  events: z.array(eventSchema),
  /** Events beyond the recorder's bound. */
  eventsDropped: z.int().nonnegative(),
  warnings: z.array(z.string()),
});

export type Timeline = z.infer<typeof timelineSchema>;
export type TimelineTrack = z.infer<typeof trackSchema>;
export type TimelineWhole = z.infer<typeof wholeSchema>;
