import * as z from 'zod';

/** Version of this contract; a page of another version is told to reload. */
export const LIVE_PROTOCOL = 1;

export const roomIdSchema = z.string().regex(/^[A-Za-z0-9_-]{4,64}$/);
/** A random name that the server made (session, transport, producer, consumer). */
export const handleSchema = z.string().min(1).max(64);
/** Counts up by one with every new way of anonymizing within a room; the first is 1. */
export const epochSchema = z.int().positive();
/** Milliseconds since 1970, by the clock of whoever sends it. */
export const wallMsSchema = z.number().nonnegative();

export const roleSchema = z.enum(['administrator', 'publisher', 'viewer']);
export type Role = z.infer<typeof roleSchema>;

/** Where the picture is anonymized. */
export const publishModeSchema = z.enum(['edge', 'server']);
export type PublishMode = z.infer<typeof publishModeSchema>;

/** What viewers get: `covered` is a slate for a cause that passes, `off` that nobody publishes. */
export const roomModeSchema = z.enum(['edge', 'server', 'covered', 'off']);
export type RoomMode = z.infer<typeof roomModeSchema>;

/** Frames wait this long before they leave, in milliseconds. */
export const holdMsSchema = z.int().min(0).max(2000);
export const DEFAULT_HOLD_MS = 200;

const channel = z.int().min(0).max(255);
/** How covered places look; the same shape as the painter's own. */
export const styleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('solid'), fill: z.object({ r: channel, g: channel, b: channel }) }),
  z.object({ kind: z.literal('pixelate') }),
  z.object({ kind: z.literal('blur') }),
]);
export type LiveStyle = z.infer<typeof styleSchema>;

export const modelRefSchema = z.object({
  id: z.string().min(1).max(100),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ModelRef = z.infer<typeof modelRefSchema>;

export interface LiveProfile {
  readonly name: string;
  /** Profile of the pipeline that it runs with. */
  readonly pipeline: string;
  /** `server`: the browser is never trusted to anonymize. */
  readonly where: 'anywhere' | 'server';
}

/** What a publisher can choose from. */
export const LIVE_PROFILES = [
  { name: 'mixed', pipeline: 'mixed', where: 'anywhere' },
  { name: 'or-camera', pipeline: 'or-camera', where: 'anywhere' },
  { name: 'or-camera-strict', pipeline: 'or-camera-strict', where: 'server' },
  { name: 'endoscope', pipeline: 'endoscope', where: 'anywhere' },
  { name: 'endoscope-strict', pipeline: 'endoscope-strict', where: 'server' },
  { name: 'strict', pipeline: 'or-camera', where: 'server' },
] as const satisfies readonly LiveProfile[];

export type LiveProfileName = (typeof LIVE_PROFILES)[number]['name'];

export const profileNameSchema = z.enum(LIVE_PROFILES.map((profile) => profile.name));

/** The profile of a name that was parsed by `profileNameSchema`. */
export function liveProfile(name: LiveProfileName): LiveProfile {
  const found = LIVE_PROFILES.find((profile) => profile.name === name);
  if (!found) throw new RangeError(`no live profile is called "${name}"`);
  return found;
}
