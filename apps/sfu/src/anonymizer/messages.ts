import { LIVE_TIMELINE_BATCH, liveTimelineEventSchema, modelRefSchema } from '@drape/contract';
import * as z from 'zod';
import { bitrateSchema, streamOptionsSchema } from './options.ts';
import { streamStateSchema } from './stream-state.ts';

/** From the server to the process of a stream. */
export const toChildSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), options: streamOptionsSchema }),
  z.object({ type: z.literal('keyframe') }),
  z.object({ type: z.literal('max-bitrate'), bps: bitrateSchema }),
  z.object({ type: z.literal('ping'), n: z.int() }),
]);
export type ToChild = z.infer<typeof toChildSchema>;

export const attestationSchema = z.object({
  profile: z.string(),
  models: z.array(modelRefSchema),
});
export type Attestation = z.infer<typeof attestationSchema>;

/** From the process to the server. No message holds pixels. */
export const fromChildSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    listen: z.object({ ip: z.string(), port: z.int() }),
    attestation: attestationSchema,
  }),
  z.object({
    type: z.literal('failed'),
    reason: z.enum(['bad-options', 'missing-detector', 'failed']),
    message: z.string().max(2000),
  }),
  z.object({ type: z.literal('state'), state: streamStateSchema }),
  z.object({
    type: z.literal('timeline'),
    events: z.array(liveTimelineEventSchema).max(LIVE_TIMELINE_BATCH),
  }),
  z.object({ type: z.literal('keyframe-wanted') }),
  z.object({ type: z.literal('pong'), n: z.int(), rssBytes: z.number().nonnegative() }),
]);
export type FromChild = z.infer<typeof fromChildSchema>;
