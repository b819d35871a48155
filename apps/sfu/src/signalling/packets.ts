import type { Server } from 'socket.io';
import { TokenBucket } from './token-bucket.ts';

/** Heartbeats and requests of a busy page stay far below this. */
const PACKETS = { burst: 200, perSecond: 100 };

interface Packet {
  readonly type: string;
  readonly data?: unknown;
}

/** The part of an engine.io connection that is used here; its own type is not exported. */
interface Connection {
  on(event: 'packet', listener: (packet: Packet) => void): void;
  close(discard: boolean): void;
}

/**
 * Looks at packets before socket.io does, so also at those of clients that are not admitted yet.
 * Binary ones are refused: no message has any, and socket.io would gather any number of them.
 */
export function guardPackets(io: Pick<Server, 'engine'>): void {
  io.engine.on('connection', (connection: Connection) => {
    const bucket = new TokenBucket(PACKETS, performance.now());
    connection.on('packet', ({ type, data }) => {
      const binary = type === 'message' && typeof data !== 'string';
      if (binary || bucket.take(performance.now()) > 0) connection.close(true);
    });
  });
}
