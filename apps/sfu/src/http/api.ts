import {
  createInviteSchema,
  createRoomSchema,
  type InviteLink,
  type InviteList,
  type Me,
  type RoomInfo,
  type RoomState,
} from '@drape/contract';
import { linkFor, type Access } from '../access/index.ts';
import { readBody } from './body.ts';
import type { Route } from './routes.ts';

export interface ApiOptions {
  readonly access: Access;
  /** Origin that links begin with. */
  readonly origin: () => string;
  readonly stateOf: (roomId: string) => RoomState;
}

const done = { status: 200, body: { ok: true } };

/** What can be asked over HTTP; docs/security.md has the same table. */
export function apiRoutes({ access, origin, stateOf }: ApiOptions): Route[] {
  const info = (room: Access['rooms'][number]): RoomInfo => ({ ...room, state: stateOf(room.id) });
  return [
    {
      method: 'GET',
      path: '/api/me',
      handle({ grant: { role, tokenId, room, expiresAtMs } }) {
        const expiresAt = new Date(expiresAtMs).toISOString();
        const me: Me = { role, tokenId, expiresAt };
        if (room === undefined) return { status: 200, body: me };
        const { id, title } = access.room(room);
        return { status: 200, body: { ...me, room: { id, title } } satisfies Me };
      },
    },
    {
      method: 'GET',
      path: '/api/rooms',
      handle({ grant }) {
        const rooms = access.rooms.filter(
          ({ id }) => grant.room === undefined || id === grant.room,
        );
        return { status: 200, body: { rooms: rooms.map(info) } };
      },
    },
    {
      method: 'POST',
      path: '/api/rooms',
      only: 'administrator',
      async handle({ request }) {
        const { title } = await readBody(request, createRoomSchema);
        return { status: 201, body: info(await access.createRoom(title)) };
      },
    },
    {
      method: 'DELETE',
      path: '/api/rooms/:id',
      only: 'administrator',
      async handle({ id }) {
        await access.deleteRoom(id);
        return done;
      },
    },
    {
      method: 'POST',
      path: '/api/rooms/:id/invites',
      only: 'administrator',
      async handle({ request, id }) {
        const wish = await readBody(request, createInviteSchema);
        const { token, tokenId, expiresAt } = await access.createInvite(id, wish);
        const link = linkFor(origin(), { role: wish.role, room: id, token });
        return { status: 201, body: { link, tokenId, expiresAt } satisfies InviteLink };
      },
    },
    {
      method: 'GET',
      path: '/api/rooms/:id/invites',
      only: 'administrator',
      handle({ id }) {
        const invites = access.invites(id).map((invite) => {
          const { tokenId, role, label, createdAt, expiresAt, revokedAt } = invite;
          return {
            ...{ tokenId, role, createdAt, expiresAt },
            ...(label === undefined ? {} : { label }),
            ...(revokedAt === undefined ? {} : { revokedAt }),
          };
        });
        return { status: 200, body: { invites } satisfies InviteList };
      },
    },
    {
      method: 'DELETE',
      path: '/api/invites/:id',
      only: 'administrator',
      async handle({ id }) {
        await access.revoke(id);
        return done;
      },
    },
  ];
}
