import { LiveError } from '@drape/contract';
import type { State, StoredGrant } from '../store/index.ts';
import { unknownToken, type Claims } from './tokens.ts';

/**
 * A signature is not enough: the store must know the token, with just these rights.
 * @throws LiveError `unauthenticated`, `token-revoked`
 */
export function checkStanding(state: State, { tokenId, role, room }: Claims): void {
  const { administrators, invites, rooms } = state;
  const known: StoredGrant | undefined =
    role === 'administrator'
      ? administrators.find((one) => one.tokenId === tokenId)
      : invites.find((one) => one.tokenId === tokenId && one.role === role && one.roomId === room);
  if (known?.revokedAt !== undefined) {
    throw new LiveError('token-revoked', 'This link was withdrawn: ask for a new one.');
  }
  if (role !== 'administrator' && !rooms.some(({ id }) => id === room)) {
    throw new LiveError('token-revoked', 'The room of this link was closed.');
  }
  if (known === undefined) throw unknownToken();
}
