import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LiveError } from '@drape/contract';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SignallingClient } from '../src/live/signalling/client.ts';
import type { Store } from '../src/live/store.ts';

const RESUME = 'r'.repeat(43);
let http: HttpServer;
let io: Server;
let url: string;
let client: SignallingClient | undefined;

beforeEach(async () => {
  http = createServer();
  io = new Server(http);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(async () => {
  client?.close();
  await io.close();
});

/** Says welcome to everyone who comes; `answer` sees each request. */
function serve(answer: (name: string, ack: (reply: unknown) => void, socket: Socket) => void) {
  io.on('connection', (socket) => {
    const auth = socket.handshake.auth as { resume?: string };
    socket.onAny((name: string, _body: unknown, ack: (reply: unknown) => void) => {
      answer(name, ack, socket);
    });
    socket.emit('welcome', {
      role: 'viewer',
      room: 'room1',
      sessionId: 's1',
      resume: RESUME,
      resumed: auth.resume === RESUME,
    });
  });
}

function connect(deadlineMs = 5000): SignallingClient {
  client = new SignallingClient({ url, token: 'token', room: 'room1', deadlineMs });
  return client;
}

function until<T>(store: Store<T>, holds: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds(store.get())) return;
      off();
      resolve(store.get());
    };
    const off = store.subscribe(look);
    look();
  });
}

const up = (signalling: SignallingClient) =>
  until(signalling.connection, ({ type }) => type === 'up');

test('a good answer is parsed, and what the contract does not name is dropped', async () => {
  serve((_name, ack) => {
    ack({ ok: true, epoch: 3, maxBitrateBps: 4e6, extra: 'x' });
  });
  const signalling = connect();
  await up(signalling);
  const body = { mode: 'server', profile: 'mixed', style: { kind: 'blur' }, holdMs: 200 } as const;
  expect(await signalling.request('publish:start', body)).toEqual({
    epoch: 3,
    maxBitrateBps: 4e6,
  });
});

test('a refusal rejects with its code', async () => {
  serve((_name, ack) => {
    ack({ ok: false, error: new LiveError('room-full', 'full').toBody() });
  });
  const signalling = connect();
  await up(signalling);
  await expect(signalling.request('room:join', {})).rejects.toMatchObject({
    reason: 'refused',
    code: 'room-full',
    retryable: true,
  });
});

test('an answer of another shape is not taken', async () => {
  serve((_name, ack) => {
    ack({ ok: true, epoch: 'three' });
  });
  const signalling = connect();
  await up(signalling);
  await expect(signalling.request('room:join', {})).rejects.toMatchObject({
    reason: 'malformed-reply',
  });
});

test('no answer rejects at the deadline', async () => {
  serve(() => undefined);
  const signalling = connect(50);
  await up(signalling);
  await expect(signalling.request('watch:stop', {})).rejects.toMatchObject({ reason: 'deadline' });
});

test('a lost connection rejects what is open, comes back by itself and shows its key', async () => {
  serve((_name, _ack, socket) => {
    socket.conn.close();
  });
  const signalling = connect();
  await up(signalling);
  await expect(signalling.request('watch:stop', {})).rejects.toMatchObject({
    reason: 'disconnected',
  });
  await until(signalling.connection, ({ type }) => type === 'connecting');
  await expect(signalling.request('watch:stop', {})).rejects.toMatchObject({
    reason: 'disconnected',
  });
  expect(await up(signalling)).toMatchObject({ welcome: { resumed: true } });
});

test('an event of another shape is ignored', async () => {
  serve((_name, ack, socket) => {
    socket.emit('watch:closed', { consumerId: 7 });
    socket.emit('watch:closed', { consumerId: 'c1' });
    ack({ ok: true });
  });
  const signalling = connect();
  const closed: string[] = [];
  signalling.on('watch:closed', ({ consumerId }) => closed.push(consumerId));
  await up(signalling);
  await signalling.request('watch:stop', {});
  expect(closed).toEqual(['c1']);
});

test('an ended session does not come back, a restarting server does', async () => {
  let visits = 0;
  io.on('connection', (socket) => {
    visits++;
    socket.emit('session:ended', { reason: visits === 1 ? 'shutting-down' : 'revoked' });
    socket.disconnect(true);
  });
  const signalling = connect();
  expect(await until(signalling.connection, ({ type }) => type === 'ended')).toEqual({
    type: 'ended',
    reason: 'revoked',
  });
  expect(visits).toBe(2);
});

test('a refused handshake says why and is not tried again', async () => {
  io.use((_socket, next) => {
    const data = new LiveError('token-expired', 'expired').toBody();
    next(Object.assign(new Error('no'), { data }));
  });
  const signalling = connect();
  expect(await until(signalling.connection, ({ type }) => type === 'refused')).toMatchObject({
    error: { code: 'token-expired' },
  });
});

test('a handshake that is refused for a while is tried again', async () => {
  let tries = 0;
  io.use((_socket, next) => {
    const data = new LiveError('rate-limited', 'wait').toBody();
    next(++tries === 1 ? Object.assign(new Error('no'), { data }) : undefined);
  });
  serve(() => undefined);
  const signalling = connect();
  await up(signalling);
  expect(tries).toBe(2);
});

test('a closed client refuses requests', async () => {
  serve(() => undefined);
  const signalling = connect();
  await up(signalling);
  signalling.close();
  await expect(signalling.request('watch:stop', {})).rejects.toMatchObject({ reason: 'closed' });
});
