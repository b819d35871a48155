import { epochSchema, holdMsSchema, roomIdSchema, styleSchema } from '@drape/contract';
import * as z from 'zod';

const port = z.int().min(1).max(65_535);
const ssrc = z.int().min(0).max(0xffff_ffff);

/** Bits per second. */
export const bitrateSchema = z.number().min(50_000).max(100_000_000);

/** RTP that comes in. */
export const inputSchema = z.object({
  mimeType: z.string().max(100),
  payloadType: z.int().min(0).max(127),
  clockRate: z.int().min(1000).max(1_000_000),
  /** Codec parameters; not needed: parameter sets come in band. */
  parameters: z.record(z.string(), z.unknown()).optional(),
  /** The only source that is listened to. Without it, the first one that speaks. */
  ssrc: ssrc.optional(),
  /** Address to listen at; loopback by default. */
  listenIp: z.string().max(64).optional(),
});

/** Where a stream comes from and goes to, and how it is covered. Travels to the process. */
export const streamOptionsSchema = z.object({
  roomId: roomIdSchema,
  epoch: epochSchema,
  profile: z.string().min(1).max(100),
  style: styleSchema,
  holdMs: holdMsSchema,
  /** How surely a view must be inside the body where the profile asks; see `drape calibrate`. */
  insideFrom: z.exactOptional(z.number().min(0).max(1)),
  maxBitrateBps: bitrateSchema,
  input: inputSchema,
  output: z.object({
    mimeType: z.literal('video/H264'),
    payloadType: z.int().min(0).max(127),
    ssrc,
    cname: z.string().min(1).max(255),
    ip: z.string().min(1).max(64),
    port,
  }),
});

export type StreamOptions = z.infer<typeof streamOptionsSchema>;
