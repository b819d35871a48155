import { LiveError } from '@drape/contract';
import type { State, StoredGrant, StoredInvite, StoredRoom } from '../store/index.ts';

/** A list of more is nobody's, and the state is written whole. */
const mostInvitesPerRoom = 500;
/** How long a link that has ended still stands in the list. */
const keptForMs = 7 * 86_400_000;

/** @throws LiveError `wrong-state` */
export function withRoom(state: State, room: StoredRoom, mostRooms: number): State {
  if (state.rooms.length >= mostRooms) {
    throw new LiveError(
      'wrong-state',
      `There are ${mostRooms} rooms, which is the limit (DRAPE_MAX_ROOMS): delete one first.`,
    );
  }
  return { ...state, rooms: [...state.rooms, room] };
}

export function dropRoom(state: State, roomId: string): State {
  return {
    ...state,
    rooms: state.rooms.filter(({ id }) => id !== roomId),
    invites: state.invites.filter((invite) => invite.roomId !== roomId),
  };
}

/** Forgets at the same time what ended long ago. @throws LiveError `wrong-state` */
export function withInvite(state: State, invite: StoredInvite, nowMs: number): State {
  const invites = state.invites.filter((one) => isListed(one, nowMs));
  const inRoom = invites.filter(({ roomId }) => roomId === invite.roomId);
  if (inRoom.length >= mostInvitesPerRoom) {
    throw new LiveError(
      'wrong-state',
      `This room has ${mostInvitesPerRoom} invites, which is the limit: make a new room.`,
    );
  }
  return { ...state, invites: [...invites, invite] };
}

export function withAdministrator(state: State, grant: StoredGrant, nowMs: number): State {
  const administrators = state.administrators.filter((one) => isListed(one, nowMs));
  return { ...state, administrators: [...administrators, grant] };
}

/** @throws LiveError `not-found` */
export function revoke(state: State, tokenId: string, revokedAt: string): State {
  const mark = <T extends StoredGrant>(one: T): T =>
    one.tokenId === tokenId && one.revokedAt === undefined ? { ...one, revokedAt } : one;
  const all: StoredGrant[] = [...state.invites, ...state.administrators];
  if (!all.some((one) => one.tokenId === tokenId)) {
    throw new LiveError('not-found', 'There is no such invite (any more).');
  }
  return {
    ...state,
    invites: state.invites.map(mark),
    administrators: state.administrators.map(mark),
  };
}

function isListed({ expiresAt, revokedAt }: StoredGrant, nowMs: number): boolean {
  return Date.parse(revokedAt ?? expiresAt) + keptForMs > nowMs;
}
