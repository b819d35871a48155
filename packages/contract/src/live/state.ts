import * as z from 'zod';
import {
  epochSchema,
  holdMsSchema,
  profileNameSchema,
  roomModeSchema,
  wallMsSchema,
} from './names.ts';

/** The ladder of an overloaded pipeline, from lightest to heaviest. */
export const overloadStepSchema = z.enum(['none', 'pixelated', 'slate']);

const count = z.int().min(0).max(100_000);
const rate = z.number().min(0).max(1000);

/** One second of an anonymizing pipeline. No content, only figures. */
export const publisherStatsSchema = z.object({
  /** Frames per second that came in, and that left. */
  fpsIn: rate,
  fpsOut: rate,
  /** From capture to leaving the pipeline, hold included, median of the second. */
  latencyMs: z.number().min(0).max(60_000),
  /**
   * How long frames wait for their detectors at this moment: longer than asked for, and longer than
   * may be asked for, where they need it.
   */
  holdMs: z.int().min(0).max(60_000),
  step: overloadStepSchema,
  /** Id of the detector that left most frames of the second undecided, if any did. */
  waitsFor: z.exactOptional(z.string().max(64)),
  /** Places of each kind covered at this moment. */
  counts: z.object({ face: count, text: count, code: count }),
  /** Mean share of the picture that is covered, 0..1. */
  coveredShare: z.number().min(0).max(1),
});
export type PublisherStats = z.infer<typeof publisherStatsSchema>;

/** Why a room is covered or off. */
export const stateCauseSchema = z.enum([
  /** Nobody has published yet, or the publisher stopped. */
  'no-publisher',
  'stopped',
  /** The first epoch is being set up. */
  'starting',
  /** The publisher's connection is gone; it may come back within its grace. */
  'publisher-lost',
  /** It is connected, but no picture arrives. */
  'publisher-stalled',
  /** The server's anonymizer ended; a new one is being started. */
  'anonymizer-ended',
  /** It ended too often: the publisher must start again. */
  'anonymizer-failed',
  /** The media worker was lost; transports are being made anew. */
  'media-restarted',
  /** Something was seen in the covered picture that should not be: the server takes over. */
  'residual-hit',
  'administrator',
]);
export type StateCause = z.infer<typeof stateCauseSchema>;

export const roomStateSchema = z.object({
  /** Viewers get an anonymized picture at this moment. */
  live: z.boolean(),
  mode: roomModeSchema,
  cause: z.exactOptional(stateCauseSchema),
  /** The epoch that viewers get; absent while covered or off. */
  epoch: z.exactOptional(epochSchema),
  /** When the mode began, by the server's clock. */
  sinceMs: wallMsSchema,
  viewers: z.int().nonnegative(),
  /** There where the publisher sends sound: voices are heard as they are. */
  sound: z.exactOptional(z.literal(true)),
  profile: z.exactOptional(profileNameSchema),
  holdMs: z.exactOptional(holdMsSchema),
  publisher: z.exactOptional(publisherStatsSchema),
});
export type RoomState = z.infer<typeof roomStateSchema>;
