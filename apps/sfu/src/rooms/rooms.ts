import {
  LiveError,
  type ReplyOf,
  type RequestName,
  type RequestOf,
  type RoomState,
  type SessionEndReason,
} from '@drape/contract';
import { HANDLERS } from './requests.ts';
import { newTally, type Tally } from './room-record.ts';
import { Room, type RoomOptions } from './room.ts';
import { type Identity, type Outlet, Session } from './session.ts';

export interface RoomsOptions extends Omit<RoomOptions, 'tally'> {
  /** How long a client may be away before its session ends. */
  readonly graceMs: number;
}

interface Entry {
  readonly session: Session;
  readonly room: Room;
  readonly title: string;
  away: NodeJS.Timeout | undefined;
  expiry: NodeJS.Timeout | undefined;
}

export interface RoomsStats {
  readonly rooms: number;
  readonly liveRooms: number;
  readonly sessions: number;
  readonly viewers: number;
  readonly sessionsOpened: number;
  readonly sessionsResumed: number;
  readonly epochs: number;
  readonly incidents: Readonly<Tally['incidents']>;
}

/** Longest delay that setTimeout takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Who is in which room. Knows no sockets: clients come in as an Identity and an Outlet. */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #entries = new Map<Session, Entry>();
  readonly #byResume = new Map<string, Entry>();
  readonly #tally = newTally();
  #opened = 0;
  #resumed = 0;
  #closed = false;

  constructor(options: RoomsOptions) {
    this.#options = options;
  }

  /** Throws `room-full`, `shutting-down`. The client is not attached yet. */
  enter(identity: Identity, title: string): Session {
    if (this.#closed) throw new LiveError('shutting-down', 'the server is shutting down');
    const room = this.#roomOf(identity.roomId);
    const session = new Session(identity);
    room.enter(session);
    const entry: Entry = { session, room, title, away: undefined, expiry: undefined };
    // A client may vanish before it is attached.
    this.#endWhenAway(entry);
    this.#entries.set(session, entry);
    this.#byResume.set(session.resume, entry);
    this.#expireInTime(entry);
    this.#opened++;
    return session;
  }

  /** The session of a resume secret if it is still there and was opened by this very token. */
  resume(secret: string, identity: Identity): Session | undefined {
    const session = this.#byResume.get(secret)?.session;
    if (session?.resumable !== true) return undefined;
    const { tokenId, roomId } = session.identity;
    if (tokenId !== identity.tokenId || roomId !== identity.roomId) return undefined;
    this.#resumed++;
    return session;
  }

  attach(session: Session, outlet: Outlet): void {
    const entry = this.#entries.get(session);
    if (!entry) return;
    clearTimeout(entry.away);
    entry.away = undefined;
    session.attach(outlet);
    entry.room.tellState();
  }

  /** The connection is gone; the session stays for its grace. */
  detach(session: Session, outlet: Outlet): void {
    const entry = this.#entries.get(session);
    if (!session.detach(outlet) || !entry) return;
    this.#endWhenAway(entry);
  }

  /** Rejects with LiveError for whatever a client can do wrong. */
  async handle<N extends RequestName>(
    session: Session,
    name: N,
    request: RequestOf<N>,
  ): Promise<ReplyOf<N>> {
    const entry = this.#entries.get(session);
    if (!entry || session.ended) throw new LiveError('wrong-state', 'the session has ended');
    return HANDLERS[name](entry, request);
  }

  /** Of a room that nobody is in: off. */
  state(roomId: string): RoomState {
    const room = this.#rooms.get(roomId);
    if (room) return room.state();
    return { live: false, mode: 'off', cause: 'no-publisher', sinceMs: 0, viewers: 0 };
  }

  room(roomId: string): Room | undefined {
    return this.#rooms.get(roomId);
  }

  /** A token holds no longer: everybody who came with it goes. */
  endToken(tokenId: string, reason: SessionEndReason): void {
    for (const entry of [...this.#entries.values()]) {
      if (entry.session.identity.tokenId === tokenId) this.#end(entry, reason);
    }
  }

  /** A room was deleted. Idempotent. */
  closeRoom(roomId: string): void {
    this.#closeRoom(roomId, 'room-closed');
  }

  /** Idempotent. Everybody is told that the server shuts down. */
  close(): void {
    this.#closed = true;
    for (const roomId of [...this.#rooms.keys()]) this.#closeRoom(roomId, 'shutting-down');
  }

  stats(): RoomsStats {
    const rooms = [...this.#rooms.values()];
    const states = rooms.map((room) => room.state());
    return {
      rooms: rooms.length,
      liveRooms: states.filter(({ live }) => live).length,
      sessions: this.#entries.size,
      viewers: states.reduce((sum, { viewers }) => sum + viewers, 0),
      sessionsOpened: this.#opened,
      sessionsResumed: this.#resumed,
      epochs: this.#tally.epochs,
      incidents: { ...this.#tally.incidents },
    };
  }

  #roomOf(id: string): Room {
    const present = this.#rooms.get(id);
    if (present) return present;
    const room = new Room(id, { ...this.#options, tally: this.#tally });
    this.#rooms.set(id, room);
    return room;
  }

  #endWhenAway(entry: Entry): void {
    clearTimeout(entry.away);
    entry.away = setTimeout(() => {
      this.#end(entry, undefined);
    }, this.#options.graceMs);
  }

  #expireInTime(entry: Entry): void {
    const leftMs = entry.session.identity.expiresAtMs - Date.now();
    entry.expiry = setTimeout(
      () => {
        if (leftMs > MAX_TIMER_MS) this.#expireInTime(entry);
        else this.#end(entry, 'expired');
      },
      Math.min(Math.max(leftMs, 0), MAX_TIMER_MS),
    );
    entry.expiry.unref();
  }

  #end(entry: Entry, reason: SessionEndReason | undefined): void {
    const { session, room } = entry;
    this.#forget(entry);
    session.end(reason);
    room.leave(session);
    if (!room.empty) return;
    this.#rooms.delete(room.id);
    room.close('room-closed');
  }

  #closeRoom(roomId: string, reason: SessionEndReason): void {
    const room = this.#rooms.get(roomId);
    if (!room) return;
    this.#rooms.delete(roomId);
    for (const session of room.sessions) {
      const entry = this.#entries.get(session);
      if (entry) this.#forget(entry);
    }
    room.close(reason);
  }

  #forget(entry: Entry): void {
    clearTimeout(entry.away);
    clearTimeout(entry.expiry);
    this.#entries.delete(entry.session);
    this.#byResume.delete(entry.session.resume);
  }
}
