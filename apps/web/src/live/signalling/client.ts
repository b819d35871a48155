import {
  EVENTS,
  LIVE_PROTOCOL,
  liveErrorSchema,
  refusalSchema,
  REQUESTS,
  type EventName,
  type EventOf,
  type LiveErrorBody,
  type ReplyOf,
  type RequestName,
  type RequestOf,
  type SessionEndReason,
} from '@drape/contract';
import { io, type Socket } from 'socket.io-client';
import type * as z from 'zod';
import { Emitter } from '../emitter.ts';
import { Cell, type Store } from '../store.ts';
import { SignallingError } from './errors.ts';
import { backoffMs } from './backoff.ts';

export type Connection =
  /** First contact, or contact again after it was lost. */
  | { readonly type: 'connecting'; readonly lostBefore: boolean }
  | { readonly type: 'up'; readonly welcome: EventOf<'welcome'> }
  /** The server will not have us, and trying again would not help. */
  | { readonly type: 'refused'; readonly error: LiveErrorBody }
  | { readonly type: 'ended'; readonly reason: SessionEndReason }
  | { readonly type: 'closed' };

type Events = { [N in EventName]: EventOf<N> };

export interface SignallingOptions {
  readonly token: string;
  /** For administrators, whose token names no room. */
  readonly room?: string;
  /** Longest wait for an answer, in milliseconds. */
  readonly deadlineMs?: number;
  /** Origin of the server; the page's own if absent. */
  readonly url?: string;
}

/** Waits between a server's retryable refusals, or its shutting down, and the next try. */
const RETRY = { firstMs: 500, mostMs: 5000 };

/**
 * The page's one connection to the server: typed requests with a deadline, parsed events, and
 * a session that goes on after the connection was lost. `welcome` comes before anything else, each
 * time that there is a connection; its `resumed` says whether the transports are still there.
 */
export class SignallingClient {
  readonly #socket: Socket;
  readonly #deadlineMs: number;
  readonly #events = new Emitter<Events>();
  readonly #connection = new Cell<Connection>({ type: 'connecting', lostBefore: false });
  #resume: string | undefined;
  #tries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SignallingOptions) {
    this.#deadlineMs = options.deadlineMs ?? 10_000;
    const { token, room } = options;
    this.#socket = io(options.url ?? '', {
      path: '/socket.io',
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 250,
      reconnectionDelayMax: 2000,
      timeout: 8000,
      forceNew: true,
      auth: (give) => {
        give({
          token,
          protocol: LIVE_PROTOCOL,
          ...(this.#resume === undefined ? {} : { resume: this.#resume }),
          ...(room === undefined ? {} : { room }),
        });
      },
    });
    this.#listen();
  }

  get connection(): Store<Connection> {
    return this.#connection;
  }

  /** Events of the server, parsed. Returns the function that takes the listener off again. */
  on<N extends EventName>(name: N, listener: (event: EventOf<N>) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Rejects with SignallingError; never waits longer than the deadline. */
  async request<N extends RequestName>(name: N, body: RequestOf<N>): Promise<ReplyOf<N>> {
    if (this.#connection.get().type === 'closed') {
      throw new SignallingError('closed', `${name}: the page has left the room`);
    }
    if (!this.#socket.connected) {
      // socket.io would keep it and send it after a reconnect, when it may be long out of date.
      throw new SignallingError('disconnected', `${name}: there is no connection to the server`);
    }
    let reply: unknown;
    try {
      reply = await this.#socket.timeout(this.#deadlineMs).emitWithAck(name, body);
    } catch (cause) {
      const up = this.#connection.get().type === 'up';
      const reason = up ? 'deadline' : 'disconnected';
      throw new SignallingError(reason, `${name}: no answer from the server`, { cause });
    }
    return parseReply(name, reply);
  }

  /** Leaves for good; open requests are rejected. */
  close(): void {
    if (this.#connection.get().type === 'closed') return;
    clearTimeout(this.#retry);
    this.#connection.set({ type: 'closed' });
    this.#socket.disconnect();
    this.#events.clear();
  }

  #listen(): void {
    for (const name of Object.keys(EVENTS) as EventName[]) {
      this.#socket.on(name, (raw: unknown) => {
        this.#take(name, raw);
      });
    }
    this.#socket.on('disconnect', (reason) => {
      if (this.#isOver()) return;
      this.#connection.set({ type: 'connecting', lostBefore: true });
      // socket.io reconnects by itself, except when it was the server that hung up.
      if (reason === 'io server disconnect') this.#tryLater();
    });
    this.#socket.on('connect_error', (error: Error & { readonly data?: unknown }) => {
      if (this.#isOver() || this.#socket.active) return;
      const refusal = liveErrorSchema.safeParse(error.data);
      if (refusal.success && !refusal.data.retryable) {
        this.#connection.set({ type: 'refused', error: refusal.data });
        return;
      }
      this.#tryLater(refusal.data?.retryAfterMs);
    });
  }

  #take(name: EventName, raw: unknown): void {
    const parsed = EVENTS[name].safeParse(raw);
    if (!parsed.success) {
      console.warn('an event of another shape than the contract was ignored', { name });
      return;
    }
    if (name === 'welcome') {
      const welcome = parsed.data as EventOf<'welcome'>;
      this.#resume = welcome.resume;
      this.#tries = 0;
      this.#connection.set({ type: 'up', welcome });
    }
    if (name === 'session:ended') this.#end((parsed.data as EventOf<'session:ended'>).reason);
    this.#events.emit(name, parsed.data);
  }

  /** A server that restarts has ended the session, not the operation: a new one is asked for. */
  #end(reason: SessionEndReason): void {
    this.#resume = undefined;
    if (reason === 'shutting-down') return;
    this.#connection.set({ type: 'ended', reason });
    this.#socket.disconnect();
  }

  #tryLater(afterMs?: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(
      () => this.#socket.connect(),
      Math.max(afterMs ?? 0, backoffMs(this.#tries++, RETRY)),
    );
  }

  #isOver(): boolean {
    const { type } = this.#connection.get();
    return type === 'closed' || type === 'ended' || type === 'refused';
  }
}

function parseReply<N extends RequestName>(name: N, reply: unknown): ReplyOf<N> {
  const refusal = refusalSchema.safeParse(reply);
  if (refusal.success) {
    const { error } = refusal.data;
    throw new SignallingError('refused', `${name}: ${error.message}`, { refusal: error });
  }
  const schema: z.ZodType = REQUESTS[name].reply;
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data as ReplyOf<N>;
  throw new SignallingError('malformed-reply', `${name}: the answer has another shape; reload`, {
    cause: parsed.error,
  });
}
