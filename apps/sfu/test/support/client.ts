import type {
  ClientToServerEvents,
  EventName,
  EventOf,
  LiveErrorBody,
  Reply,
  ReplyOf,
  RequestName,
  RequestOf,
  ServerToClientEvents,
} from '@drape/contract';
import { EVENTS, liveErrorSchema, REQUESTS } from '@drape/contract';
import { io, type Socket } from 'socket.io-client';

interface Waiter {
  readonly name: EventName;
  readonly matches: (event: never) => boolean;
  readonly take: (event: never) => void;
}

/** A client of the contract: what it gets is parsed, so that every test checks the server's side of it. */
export class TestClient {
  readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  readonly seen: { readonly name: EventName; readonly event: unknown }[] = [];
  readonly #waiters = new Set<Waiter>();

  constructor(url: string, auth: object) {
    this.socket = io(url, { auth, transports: ['websocket'], reconnection: false, forceNew: true });
    this.socket.onAny((name: EventName, event: unknown) => {
      const parsed = EVENTS[name].strict().parse(event);
      this.seen.push({ name, event: parsed });
      for (const waiter of this.#waiters) {
        if (waiter.name !== name || !waiter.matches(parsed as never)) continue;
        this.#waiters.delete(waiter);
        waiter.take(parsed as never);
      }
    });
  }

  /** Resolves with `welcome`; rejects with a LiveErrorBody. */
  async connected(): Promise<EventOf<'welcome'>> {
    const refused = new Promise<never>((_, reject) => {
      this.socket.once('connect_error', (error) => {
        const data = liveErrorSchema.safeParse((error as { data?: unknown }).data);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the body is what tests look at
        reject(data.success ? data.data : error);
      });
    });
    return Promise.race([this.next('welcome'), refused]);
  }

  /** The first event of this name, from the beginning or after it was asked for, that matches. */
  next<N extends EventName>(
    name: N,
    matches: (event: EventOf<N>) => boolean = () => true,
  ): Promise<EventOf<N>> {
    const past = this.all(name).find(matches);
    if (past) return Promise.resolve(past);
    return new Promise((take) => {
      this.#waiters.add({ name, matches, take });
    });
  }

  all<N extends EventName>(name: N): EventOf<N>[] {
    return this.seen.filter((one) => one.name === name).map(({ event }) => event as EventOf<N>);
  }

  forget(): void {
    this.seen.length = 0;
  }

  /** The reply, or the refusal's body as a rejection. */
  async request<N extends RequestName>(name: N, body: RequestOf<N>): Promise<ReplyOf<N>> {
    const reply = (await this.raw(name, body)) as Reply<N>;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the body is what tests look at
    if (!reply.ok) throw liveErrorSchema.strict().parse(reply.error);
    return REQUESTS[name].reply.parse(reply) as ReplyOf<N>;
  }

  /** Anything at all, with an ack. */
  raw(name: string, ...args: unknown[]): Promise<unknown> {
    return (this.socket as unknown as Socket).timeout(15_000).emitWithAck(name, ...args);
  }

  async refusal(name: string, ...args: unknown[]): Promise<LiveErrorBody> {
    const reply = (await this.raw(name, ...args)) as Reply<RequestName>;
    if (reply.ok) throw new Error(`${name} was not refused`);
    return liveErrorSchema.strict().parse(reply.error);
  }

  /** Resolves when the server, or the network, has ended the connection. */
  async gone(): Promise<void> {
    if (!this.socket.connected) return;
    await new Promise((done) => this.socket.once('disconnect', done));
  }

  close(): void {
    this.socket.disconnect();
  }
}
