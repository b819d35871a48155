import { randomBytes } from 'node:crypto';
import type { EventName, EventOf, Role, SessionEndReason } from '@drape/contract';
import type {
  EdgeTransport,
  RawTransport,
  SoundTransport,
  WatchTransport,
} from '../engine/index.ts';

/** Whoever a token was given to. */
export interface Identity {
  readonly role: Role;
  readonly roomId: string;
  /** Id of the token, for revocation. */
  readonly tokenId: string;
  readonly expiresAtMs: number;
}

/** The way to a client while it is connected. */
export interface Outlet {
  send<N extends EventName>(name: N, event: EventOf<N>): void;
  /** Called after the last event. */
  end(): void;
}

export type SessionTransport = EdgeTransport | RawTransport | SoundTransport | WatchTransport;

/** Events kept for a client that is away; one that missed more must start anew. */
const KEPT_EVENTS = 64;

/** One page of one client, over all its reconnections. */
export class Session {
  readonly id = randomBytes(12).toString('base64url');
  /** Shown by the client to take its session over after a reconnection; changes never. */
  readonly resume = randomBytes(32).toString('base64url');
  readonly identity: Identity;
  /** Owned by the session: closed with it and with the room's media. */
  readonly transports = new Map<string, SessionTransport>();
  #outlet: Outlet | undefined;
  #missed: (() => void)[] = [];
  #overflowed = false;
  #ended = false;

  constructor(identity: Identity) {
    this.identity = identity;
  }

  get attached(): boolean {
    return this.#outlet !== undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** False when it missed more than was kept: the client must be given a new session. */
  get resumable(): boolean {
    return !this.#ended && !this.#overflowed;
  }

  /** The client is here (again); an older connection of it is put aside without a word. */
  attach(outlet: Outlet): void {
    const older = this.#outlet;
    this.#outlet = outlet;
    older?.end();
    const missed = this.#missed;
    this.#missed = [];
    for (const send of missed) send();
  }

  /** True when this outlet was the present one, so that the session is now away. */
  detach(outlet: Outlet): boolean {
    if (this.#outlet !== outlet) return false;
    this.#outlet = undefined;
    return true;
  }

  send<N extends EventName>(name: N, event: EventOf<N>): void {
    if (this.#ended) return;
    if (this.#outlet) {
      this.#outlet.send(name, event);
    } else if (this.#missed.length < KEPT_EVENTS) {
      this.#missed.push(() => this.#outlet?.send(name, event));
    } else {
      this.#overflowed = true;
    }
  }

  closeTransports(): void {
    for (const transport of this.transports.values()) transport.close();
    this.transports.clear();
  }

  /** Idempotent. With a reason, the client is told. */
  end(reason: SessionEndReason | undefined): void {
    if (this.#ended) return;
    if (reason !== undefined) this.send('session:ended', { reason });
    this.#ended = true;
    this.closeTransports();
    const outlet = this.#outlet;
    this.#outlet = undefined;
    this.#missed = [];
    outlet?.end();
  }
}
