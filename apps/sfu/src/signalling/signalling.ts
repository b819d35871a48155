import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import {
  type ClientToServerEvents,
  type EventName,
  type EventOf,
  type ServerToClientEvents,
} from '@drape/contract';
import { Server, type Socket } from 'socket.io';
import type { Log } from '../log.ts';
import type { Outlet, Rooms, Session } from '../rooms/index.ts';
import { type Gate, parseHandshake } from './handshake.ts';
import { DEFAULT_INBOX, Inbox, type InboxLimits } from './inbox.ts';
import { guardPackets } from './packets.ts';
import { bodyOf } from './refusal.ts';

export interface SignallingOptions {
  readonly httpServer: HttpServer | HttpsServer;
  readonly rooms: Rooms;
  readonly gate: Gate;
  readonly log: Log;
  /** Whether a page of this origin may connect; programs send none. */
  readonly allowsOrigin: (origin: string | undefined) => boolean;
  readonly inbox?: InboxLimits;
}

/** Largest message of a client, in bytes: capabilities of a browser take about 12 000. */
export const MAX_MESSAGE_BYTES = 65_536;

interface SocketData {
  session: Session;
  resumed: boolean;
}
type NoEvents = Record<string, never>;
type Io = Server<ClientToServerEvents, ServerToClientEvents, NoEvents, SocketData>;
type Client = Socket<ClientToServerEvents, ServerToClientEvents, NoEvents, SocketData>;

export interface SignallingStats {
  readonly connections: number;
}

/** The sockets of all clients. Does not own the HTTP server, nor the rooms. */
export class Signalling {
  readonly #options: SignallingOptions;
  readonly #io: Io;

  constructor(options: SignallingOptions) {
    this.#options = options;
    this.#io = new Server(options.httpServer, {
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      serveClient: false,
      // A publisher whose network vanished is noticed within 8 s.
      pingInterval: 4000,
      pingTimeout: 4000,
      connectTimeout: 10_000,
      allowRequest: (request, answer) => {
        answer(null, options.allowsOrigin(request.headers.origin));
      },
    });
    guardPackets(this.#io);
    this.#io.use((client, next) => {
      this.#admit(client).then(
        () => {
          next();
        },
        (error: unknown) => {
          const data = bodyOf(error, options.log);
          next(Object.assign(new Error(data.message), { data }));
        },
      );
    });
    this.#io.on('connection', (client) => {
      this.#connected(client);
    });
  }

  stats(): SignallingStats {
    return { connections: this.#io.engine.clientsCount };
  }

  /** Idempotent. Cuts every connection; the HTTP server stays open. */
  close(): void {
    this.#io.disconnectSockets(true);
    this.#io.engine.close();
  }

  async #admit(client: Client): Promise<void> {
    const { rooms, gate } = this.#options;
    const { token, resume, room } = parseHandshake(client.handshake.auth);
    const { headers, address } = client.handshake;
    const { identity, title } = await gate.admit({ token, room, headers, address });
    const resumed = resume === undefined ? undefined : rooms.resume(resume, identity);
    client.data.session = resumed ?? rooms.enter(identity, title);
    client.data.resumed = resumed !== undefined;
  }

  #connected(client: Client): void {
    const { rooms, log, inbox = DEFAULT_INBOX } = this.#options;
    const { session, resumed } = client.data;
    const outlet = outletOf(client);
    const box = new Inbox({
      handle: (name, request) => rooms.handle(session, name, request),
      limits: inbox,
      log,
      onFlood: () => {
        log.warn({ session: session.id }, 'client floods and is put out');
        client.disconnect(true);
      },
    });
    client.onAny((name: string, ...args: unknown[]) => void box.take(name, args));
    client.on('disconnect', () => {
      rooms.detach(session, outlet);
    });
    const { id: sessionId, resume, identity } = session;
    const { role, roomId: room } = identity;
    outlet.send('welcome', { role, room, sessionId, resume, resumed });
    rooms.attach(session, outlet);
  }
}

function outletOf(client: Client): Outlet {
  return {
    send<N extends EventName>(name: N, event: EventOf<N>): void {
      // The event map is indexed by N, which TypeScript does not carry through to emit's arguments.
      client.emit(name, ...([event] as unknown as Parameters<ServerToClientEvents[N]>));
    },
    end: () => {
      client.disconnect(true);
    },
  };
}
