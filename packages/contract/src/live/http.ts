import * as z from 'zod';
import { liveErrorSchema } from './errors.ts';
import { roleSchema, roomIdSchema } from './names.ts';
import { roomStateSchema } from './state.ts';

const instant = z.iso.datetime();
const tokenId = z.string().min(1).max(64);

export const roomTitleSchema = z.string().trim().min(1).max(100);

/** Body of every answer that is not 2xx. */
export const httpErrorSchema = z.object({ error: liveErrorSchema });

/** `GET /api/me`. */
export const meSchema = z.object({
  role: roleSchema,
  tokenId,
  /** Absent for administrators. */
  room: z.exactOptional(z.object({ id: roomIdSchema, title: z.string() })),
  expiresAt: instant,
});
export type Me = z.infer<typeof meSchema>;

export const roomSchema = z.object({
  id: roomIdSchema,
  title: z.string(),
  createdAt: instant,
  state: roomStateSchema,
});
export type RoomInfo = z.infer<typeof roomSchema>;

/** `GET /api/rooms`: all for an administrator, the token's own for others. */
export const roomListSchema = z.object({ rooms: z.array(roomSchema) });
/** `POST /api/rooms`, answered 201 with a `roomSchema`. */
export const createRoomSchema = z.object({ title: roomTitleSchema });

export const inviteRoleSchema = z.enum(['publisher', 'viewer']);
/** `POST /api/rooms/:id/invites`. */
export const createInviteSchema = z.object({
  role: inviteRoleSchema,
  /** A minute to a year. */
  expiresInS: z.int().min(60).max(31_536_000),
  label: z.exactOptional(z.string().trim().max(100)),
});
export type CreateInvite = z.infer<typeof createInviteSchema>;

/** Answered 201. The link is told once: only its id is stored. */
export const inviteLinkSchema = z.object({ link: z.url(), tokenId, expiresAt: instant });
export type InviteLink = z.infer<typeof inviteLinkSchema>;

/** `GET /api/rooms/:id/invites`. */
export const inviteListSchema = z.object({
  invites: z.array(
    z.object({
      tokenId,
      role: inviteRoleSchema,
      label: z.exactOptional(z.string()),
      createdAt: instant,
      expiresAt: instant,
      revokedAt: z.exactOptional(instant),
    }),
  ),
});
export type InviteList = z.infer<typeof inviteListSchema>;

/** `DELETE /api/rooms/:id` and `DELETE /api/invites/:tokenId`. */
export const doneSchema = z.object({ ok: z.literal(true) });

/** `GET /health`: 200 while `ok` or `degraded`, 503 while `starting` or `stopping`. */
export const healthSchema = z.object({
  status: z.enum(['starting', 'ok', 'degraded', 'stopping']),
  version: z.string(),
  uptimeS: z.number().nonnegative(),
  /** One entry per part (media, web, store, anonymizer): what is wrong, or `ok`. */
  checks: z.record(z.string(), z.string()),
});
export type Health = z.infer<typeof healthSchema>;
