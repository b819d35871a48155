import * as z from 'zod';
import { inviteRoleSchema, roomIdSchema } from '@drape/contract';

const instant = z.iso.datetime();
const tokenId = z.string().min(1).max(64);

/** Someone's standing permission; the token itself is never stored. */
const grantSchema = z.object({
  tokenId,
  createdAt: instant,
  expiresAt: instant,
  revokedAt: z.exactOptional(instant),
});
export const administratorSchema = grantSchema;
export const inviteSchema = grantSchema.extend({
  roomId: roomIdSchema,
  role: inviteRoleSchema,
  label: z.exactOptional(z.string().max(100)),
});
export const storedRoomSchema = z.object({
  id: roomIdSchema,
  title: z.string(),
  createdAt: instant,
});

/** All that must outlive a restart. Small: it is read and written whole. */
export const stateSchema = z.object({
  version: z.literal(1),
  /** Ed25519 private key as JWK, made at the first start. */
  signingKey: z.exactOptional(
    z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() }),
  ),
  administrators: z.array(administratorSchema),
  rooms: z.array(storedRoomSchema),
  invites: z.array(inviteSchema),
});
export type State = z.infer<typeof stateSchema>;
export type StoredGrant = z.infer<typeof administratorSchema>;
export type StoredInvite = z.infer<typeof inviteSchema>;
export type StoredRoom = z.infer<typeof storedRoomSchema>;

export const emptyState: State = { version: 1, administrators: [], rooms: [], invites: [] };
