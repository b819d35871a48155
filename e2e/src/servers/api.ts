import { inviteLinkSchema, roomListSchema, roomSchema } from '@drape/contract';
import type { InviteLink, RoomInfo } from '@drape/contract';
import { ProbeError } from '../errors.ts';

/** Ways to the server that an administrator has over HTTP. */
export class Api {
  readonly #origin: string;
  readonly #token: string;

  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  async createRoom(title: string): Promise<RoomInfo> {
    return roomSchema.parse(await this.#ask('POST', '/api/rooms', { title }));
  }

  /** What the room says of itself now. */
  async stateOf(roomId: string): Promise<RoomInfo['state']> {
    const { rooms } = roomListSchema.parse(await this.#ask('GET', '/api/rooms'));
    const room = rooms.find(({ id }) => id === roomId);
    if (!room) throw new ProbeError('servers-failed', 'the room is not listed any more.');
    return room.state;
  }

  async invite(
    roomId: string,
    role: 'publisher' | 'viewer',
    expiresInS = 3600,
  ): Promise<InviteLink> {
    const path = `/api/rooms/${roomId}/invites`;
    return inviteLinkSchema.parse(await this.#ask('POST', path, { role, expiresInS }));
  }

  async revoke(tokenId: string): Promise<void> {
    await this.#ask('DELETE', `/api/invites/${tokenId}`);
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, this.#origin), {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response.json();
    const said = (await response.text()).slice(0, 300);
    throw new ProbeError('servers-failed', `${method} ${path}: ${response.status} ${said}`);
  }
}
