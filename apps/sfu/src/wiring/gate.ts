import { LiveError } from '@drape/contract';
import { type Access, clientAddress } from '../access/index.ts';
import type { Gate } from '../signalling/index.ts';

/** Lets in whoever has a good token, into the room of the token, if that is the one asked for. */
export function openGate(access: Access, trustProxy: boolean): Gate {
  return {
    async admit({ token, room: wanted, address, headers }) {
      const from = clientAddress({ address, headers }, trustProxy);
      const { role, room, tokenId, expiresAtMs } = await access.authenticate(token, from);
      // An address that names one room must never show another one.
      if (room !== undefined && wanted !== undefined && wanted !== room) {
        throw new LiveError('forbidden', 'this invite is for another room');
      }
      const roomId = room ?? wanted;
      if (roomId === undefined) {
        throw new LiveError(
          'malformed',
          'handshake: an administrator says which room to look into',
        );
      }
      const { title } = access.room(roomId);
      return { identity: { role, roomId, tokenId, expiresAtMs }, title };
    },
  };
}
