import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { LiveError, type Role } from '@drape/contract';
import type { MediaEngine } from '../../src/engine/index.ts';
import { type OpenScan, Rooms, type RoomsOptions } from '../../src/rooms/index.ts';
import { type Gate, type InboxLimits, Signalling } from '../../src/signalling/index.ts';
import { type FakeAnonymizers, fakeAnonymizers } from './anonymizer.ts';
import { TestClient } from './client.ts';
import { models } from './edge.ts';
import { silent } from './log.ts';
import { openEngine } from './worker.ts';

export interface House {
  readonly url: string;
  readonly engine: MediaEngine;
  readonly rooms: Rooms;
  readonly signalling: Signalling;
  readonly anonymizers: FakeAnonymizers;
  /** Connects, and waits for `welcome`; rejects with the data of a connect_error. */
  join(token: string, auth?: object): Promise<TestClient>;
  close(): Promise<void>;
}

export interface HouseOptions extends Partial<
  Pick<RoomsOptions, 'limits' | 'times' | 'graceMs' | 'maySpare'>
> {
  readonly openScan?: OpenScan;
  readonly inbox?: InboxLimits;
}

/** Short, so that tests are; long enough for a busy machine. */
export const TIMES = {
  setUpMs: 5000,
  overlapMs: 200,
  firstPacketMs: 3000,
  stalledAfterMs: 1000,
  spareAfterMs: 10,
};

/**
 * Everything of the server but access, store and HTTP: real workers, real sockets. A token is
 * `role` or `role:id`, for the one room "room-1"; `administrator` takes the room that it names.
 */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const { openScan, inbox, limits, times, graceMs, maySpare } = options;
  const engine = await openEngine();
  const anonymizers = fakeAnonymizers();
  const rooms = new Rooms({
    engine,
    models,
    openScan,
    openAnonymizer: anonymizers.open,
    log: silent,
    limits: limits ?? { maxViewers: 10, maxBitrateBps: 4_000_000 },
    times: times ?? TIMES,
    maySpare: maySpare ?? (() => false),
    graceMs: graceMs ?? 1000,
  });
  const httpServer = createServer();
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const signalling = new Signalling({
    httpServer,
    rooms,
    gate,
    log: silent,
    allowsOrigin: (origin) => origin === undefined || origin === url,
    ...(inbox && { inbox }),
  });
  const clients = new Set<TestClient>();
  return {
    url,
    engine,
    rooms,
    signalling,
    anonymizers,
    join: async (token, auth = {}) => {
      const client = new TestClient(url, { token, protocol: 1, ...auth });
      clients.add(client);
      await client.connected();
      return client;
    },
    close: async () => {
      for (const client of clients) client.close();
      rooms.close();
      signalling.close();
      anonymizers.close();
      engine.close();
      httpServer.close();
      httpServer.closeAllConnections();
      await once(httpServer, 'close');
    },
  };
}

const gate: Gate = {
  admit: ({ token, room }) => {
    const [name = '', id = name] = token.split(':');
    if (name === 'expired') return Promise.reject(new LiveError('token-expired', 'too late'));
    const role = ['administrator', 'publisher', 'viewer'].find((one) => one === name);
    if (role === undefined)
      return Promise.reject(new LiveError('unauthenticated', 'no such token'));
    const expiresAtMs = Date.now() + (id === 'short' ? 300 : 3_600_000);
    const roomId = role === 'administrator' ? (room ?? 'none') : 'room-1';
    const identity = { role: role as Role, roomId, tokenId: id, expiresAtMs };
    return Promise.resolve({ identity, title: 'Theatre 1' });
  },
};
