import { detectionClass, epochSchema, roomIdSchema } from '@drape/contract';
import * as z from 'zod';
import { inputSchema } from '../options.ts';

/** What the scan of a room needs to know. */
export const scanOptionsSchema = z.object({
  roomId: roomIdSchema,
  epoch: epochSchema,
  /** The room's covered stream, as a viewer gets it. */
  input: inputSchema,
  /** Looks in ten seconds: 10 is one a second. */
  looksPerTenSeconds: z.int().min(1).max(20).default(10),
});
export type ScanOptions = z.input<typeof scanOptionsSchema>;

export const scanHitSchema = z.object({
  class: detectionClass,
  /** 0..1, of the scan's own detector. */
  score: z.number().min(0).max(1),
  /** `[x, y, w, h]` in pixels of the covered picture. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  /** When it was seen, milliseconds since 1970. */
  atMs: z.number().nonnegative(),
});
/** Something that should have been covered: where and when, and nothing of what it shows. */
export type ScanHit = z.infer<typeof scanHitSchema>;

export const toScanSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), options: scanOptionsSchema }),
  z.object({ type: z.literal('ping'), n: z.int() }),
]);
export type ToScan = z.infer<typeof toScanSchema>;

export const fromScanSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    listen: z.object({ ip: z.string(), port: z.int() }),
  }),
  z.object({
    type: z.literal('failed'),
    reason: z.enum(['bad-options', 'missing-detector', 'failed']),
    message: z.string().max(2000),
  }),
  z.object({ type: z.literal('hit'), hit: scanHitSchema }),
  z.object({ type: z.literal('looked'), looks: z.int().nonnegative() }),
  z.object({ type: z.literal('keyframe-wanted') }),
  z.object({ type: z.literal('pong'), n: z.int(), rssBytes: z.number().nonnegative() }),
]);
export type FromScan = z.infer<typeof fromScanSchema>;
