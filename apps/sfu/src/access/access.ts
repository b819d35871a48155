import { randomBytes } from 'node:crypto';
import { LiveError, type CreateInvite } from '@drape/contract';
import type { Store, StoredGrant, StoredInvite, StoredRoom } from '../store/index.ts';
import { PerMinute } from './limits.ts';
import { dropRoom, revoke, withAdministrator, withInvite, withRoom } from './changes.ts';
import { Listeners } from './listeners.ts';
import { checkStanding } from './standing.ts';
import { openTokens, type Claims, type Tokens } from './tokens.ts';

const dayMs = 86_400_000;

/** A token that was found good. It ends at `expiresAtMs`, or earlier with an `Ending`. */
export type Grant = Claims;

/** Says that a token holds no longer: its sessions end at once. */
export interface Ending {
  readonly tokenId: string;
  readonly reason: 'revoked' | 'room-closed';
}

/** A token for a link; it is told once and not stored. */
export interface Issued {
  readonly token: string;
  readonly tokenId: string;
  readonly expiresAt: string;
}

export interface AccessOptions {
  readonly store: Store;
  readonly limits: { readonly rooms: number; readonly failedTokensPerMinute: number };
  readonly adminLinkDays: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Who may do what: rooms, tokens for them, and whether a token still holds. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const now = options.now ?? Date.now;
  return new Access({ ...options, now }, await openTokens(options.store, now));
}

export class Access {
  readonly #options: Required<AccessOptions>;
  readonly #store: Store;
  readonly #tokens: Tokens;
  readonly #failures: PerMinute;
  readonly #endings = new Listeners<Ending>();
  readonly #deletions = new Listeners<string>();

  constructor(options: Required<AccessOptions>, tokens: Tokens) {
    this.#options = options;
    this.#store = options.store;
    this.#tokens = tokens;
    const message = 'Too many tokens were refused from this address: wait, then use a valid link.';
    this.#failures = new PerMinute(options.limits.failedTokensPerMinute, message);
  }

  /**
   * @param token as it came; undefined where none came
   * @param address whose refused tokens are counted. A good token is never refused for those of others
   *   behind the same address.
   * @throws LiveError `unauthenticated`, `token-expired`, `token-revoked`, `rate-limited`
   */
  async authenticate(token: string | undefined, address: string): Promise<Grant> {
    try {
      if (token === undefined || token === '') {
        throw new LiveError(
          'unauthenticated',
          'A token is needed: open the link that you were given.',
        );
      }
      const claims = await this.#tokens.verify(token);
      checkStanding(this.#store.state, claims);
      return claims;
    } catch (error) {
      await this.#failures.count(address);
      throw error;
    }
  }

  get rooms(): readonly StoredRoom[] {
    return this.#store.state.rooms;
  }

  /** @throws LiveError `room-not-found` */
  room(roomId: string): StoredRoom {
    const found = this.rooms.find(({ id }) => id === roomId);
    if (!found) throw new LiveError('room-not-found', 'There is no such room (any more).');
    return found;
  }

  /** @throws LiveError `wrong-state` when there are as many as there may be */
  async createRoom(title: string): Promise<StoredRoom> {
    const room = { id: randomName(9), title, createdAt: this.#instant() };
    await this.#store.update((state) => withRoom(state, room, this.#options.limits.rooms));
    return room;
  }

  /** Ends the room and every token for it. @throws LiveError `room-not-found` */
  async deleteRoom(roomId: string): Promise<void> {
    let ended: readonly StoredInvite[] = [];
    await this.#store.update((state) => {
      this.room(roomId);
      ended = state.invites.filter((invite) => invite.roomId === roomId);
      return dropRoom(state, roomId);
    });
    for (const { tokenId } of ended) {
      this.#endings.tell({ tokenId, reason: 'room-closed' });
    }
    this.#deletions.tell(roomId);
  }

  /** @throws LiveError `room-not-found`; `wrong-state` when the room has too many */
  async createInvite(roomId: string, wish: CreateInvite): Promise<Issued> {
    const { role, expiresInS, label } = wish;
    const grant = this.#newGrant(expiresInS * 1000);
    const invite: StoredInvite = { ...grant, roomId, role, ...(label ? { label } : {}) };
    await this.#store.update((state) => {
      this.room(roomId);
      return withInvite(state, invite, this.#options.now());
    });
    return this.#issue(grant, { role, room: roomId });
  }

  /** Newest first. @throws LiveError `room-not-found` */
  invites(roomId: string): readonly StoredInvite[] {
    this.room(roomId);
    return this.#store.state.invites.filter((invite) => invite.roomId === roomId).reverse();
  }

  /** Ends an invite's or an administrator's token at once; again is no error. @throws LiveError `not-found` */
  async revoke(tokenId: string): Promise<void> {
    await this.#store.update((state) => revoke(state, tokenId, this.#instant()));
    this.#endings.tell({ tokenId, reason: 'revoked' });
  }

  /** For the one who has the terminal. */
  async createAdministrator(): Promise<Issued> {
    const grant = this.#newGrant(this.#options.adminLinkDays * dayMs);
    await this.#store.update((state) => withAdministrator(state, grant, this.#options.now()));
    return this.#issue(grant, { role: 'administrator' });
  }

  /** At the first start, and when every administrator's link has ended: undefined while one holds. */
  async createFirstAdministrator(): Promise<Issued | undefined> {
    const now = this.#options.now();
    const holds = ({ expiresAt, revokedAt }: StoredGrant) =>
      revokedAt === undefined && Date.parse(expiresAt) > now;
    return this.#store.state.administrators.some(holds) ? undefined : this.createAdministrator();
  }

  /** @returns call it to listen no longer */
  onEnding(listener: (ending: Ending) => void): () => void {
    return this.#endings.add(listener);
  }

  /** @returns call it to listen no longer */
  onRoomDeleted(listener: (roomId: string) => void): () => void {
    return this.#deletions.add(listener);
  }

  #newGrant(lifeMs: number): StoredGrant {
    const expiresAt = new Date(this.#options.now() + lifeMs).toISOString();
    return { tokenId: randomName(15), createdAt: this.#instant(), expiresAt };
  }

  async #issue(
    { tokenId, expiresAt }: StoredGrant,
    rights: { role: Claims['role']; room?: string },
  ): Promise<Issued> {
    const token = await this.#tokens.sign({
      tokenId,
      subject: randomName(9),
      role: rights.role,
      room: rights.room,
      expiresAtMs: Date.parse(expiresAt),
    });
    return { token, tokenId, expiresAt };
  }

  #instant(): string {
    return new Date(this.#options.now()).toISOString();
  }
}

/** Not guessable; fits into a path. @param sizeBytes of randomness */
function randomName(sizeBytes: number): string {
  return randomBytes(sizeBytes).toString('base64url');
}
