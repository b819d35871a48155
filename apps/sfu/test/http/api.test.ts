import { connect } from 'node:net';
import {
  httpErrorSchema,
  inviteLinkSchema,
  inviteListSchema,
  meSchema,
  roomListSchema,
  roomSchema,
} from '@drape/contract';
import { expect, test } from 'vitest';
import { localUrl, openPlace, type Place } from './front.ts';

const json = JSON.stringify;

async function errorOf(response: Response) {
  const { error } = httpErrorSchema.parse(await response.json());
  return { status: response.status, code: error.code, message: error.message };
}

async function invited(place: Place, role: 'publisher' | 'viewer') {
  const made = await place.fetch('/api/rooms', {
    ...{ method: 'POST', token: place.token, body: json({ title: 'Theatre 3' }) },
  });
  expect(made.status).toBe(201);
  const room = roomSchema.parse(await made.json());
  const answer = await place.fetch(`/api/rooms/${room.id}/invites`, {
    ...{ method: 'POST', token: place.token, body: json({ role, expiresInS: 600, label: 'x' }) },
  });
  expect(answer.status).toBe(201);
  const { link, tokenId } = inviteLinkSchema.parse(await answer.json());
  return { room, link, tokenId, token: new URL(link).hash.slice('#t='.length) };
}

test('an administrator makes a room and invites; the link opens just that room in that role', async () => {
  const place = await openPlace();
  const { room, link, token, tokenId } = await invited(place, 'publisher');
  expect(link).toMatch(new RegExp(`^${place.front.url}/publish/${room.id}#t=`));
  const me = meSchema.parse(await (await place.fetch('/api/me', { token })).json());
  expect(me).toMatchObject({
    role: 'publisher',
    tokenId,
    room: { id: room.id, title: 'Theatre 3' },
  });
  await invited(place, 'viewer');
  const own = roomListSchema.parse(await (await place.fetch('/api/rooms', { token })).json());
  expect(own.rooms.map(({ id }) => id)).toEqual([room.id]);
  const all = await (await place.fetch('/api/rooms', { token: place.token })).json();
  expect(roomListSchema.parse(all).rooms).toHaveLength(2);
});

test('an administrator has no room of its own', async () => {
  const place = await openPlace();
  const me = await (await place.fetch('/api/me', { token: place.token })).json();
  expect(meSchema.parse(me)).not.toHaveProperty('room');
});

test.each([
  ['POST', '/api/rooms'],
  ['DELETE', '/api/rooms/ROOM'],
  ['POST', '/api/rooms/ROOM/invites'],
  ['GET', '/api/rooms/ROOM/invites'],
  ['DELETE', '/api/invites/TOKEN'],
])('%s %s is for administrators only', async (method, path) => {
  const place = await openPlace();
  for (const role of ['publisher', 'viewer'] as const) {
    const { room, token, tokenId } = await invited(place, role);
    const address = path.replace('ROOM', room.id).replace('TOKEN', tokenId);
    const body = method === 'POST' ? { body: json({ title: 'x' }) } : {};
    const answer = await place.fetch(address, { method, token, ...body });
    expect(await errorOf(answer)).toMatchObject({ status: 403, code: 'forbidden' });
  }
  const nobody = await place.fetch(path, { method });
  expect(nobody.headers.get('www-authenticate')).toBe('Bearer');
  expect(await errorOf(nobody)).toMatchObject({ status: 401, code: 'unauthenticated' });
});

test('a revoked invite is refused at once and stands as revoked in the list', async () => {
  const place = await openPlace();
  const { room, token, tokenId } = await invited(place, 'viewer');
  const order = { method: 'DELETE', token: place.token };
  expect((await place.fetch(`/api/invites/${tokenId}`, order)).status).toBe(200);
  expect(await errorOf(await place.fetch('/api/me', { token }))).toMatchObject({
    status: 401,
    code: 'token-revoked',
  });
  const list = await place.fetch(`/api/rooms/${room.id}/invites`, { token: place.token });
  const { invites } = inviteListSchema.parse(await list.json());
  expect(invites).toMatchObject([{ tokenId, label: 'x', revokedAt: expect.any(String) as string }]);
  expect((await place.fetch(`/api/rooms/${room.id}`, order)).status).toBe(200);
  const gone = await place.fetch(`/api/rooms/${room.id}`, order);
  expect(await errorOf(gone)).toMatchObject({ status: 404, code: 'room-not-found' });
});

test.each([
  ['no JSON', '{"title":', 'not JSON'],
  ['another shape', '[]', 'body'],
  ['no title', '{}', 'title'],
  ['an empty title', '{"title":"  "}', 'title'],
  ['a long title', json({ title: 'x'.repeat(101) }), 'title'],
  ['a title of another type', '{"title":{"$ne":null}}', 'title'],
])(
  'a body with %s is malformed, and the answer names the field, not the value',
  async (_n, body, said) => {
    const place = await openPlace();
    const answer = await place.fetch('/api/rooms', { method: 'POST', token: place.token, body });
    const error = await errorOf(answer);
    expect(error).toMatchObject({ status: 400, code: 'malformed' });
    expect(error.message).toContain(said);
    expect(error.message).not.toContain('$ne');
  },
);

test('invites for too short, too long or to another role are malformed', async () => {
  const place = await openPlace();
  const { room } = await invited(place, 'viewer');
  for (const wish of [
    { role: 'viewer', expiresInS: 1 },
    { role: 'viewer', expiresInS: 1e9 },
    { role: 'administrator', expiresInS: 600 },
  ]) {
    const answer = await place.fetch(`/api/rooms/${room.id}/invites`, {
      ...{ method: 'POST', token: place.token, body: json(wish) },
    });
    expect(await errorOf(answer)).toMatchObject({ status: 400, code: 'malformed' });
  }
});

test('a body over 64 KiB is refused, announced or not', async () => {
  const place = await openPlace();
  const body = json({ title: 'x'.repeat(70_000) });
  const order = { method: 'POST', token: place.token };
  const announced = await place.fetch('/api/rooms', { ...order, body });
  expect(await errorOf(announced)).toMatchObject({ status: 413, code: 'too-large' });
  const stream = new Blob([body]).stream();
  const chunked = await place.fetch('/api/rooms', { ...order, body: stream, duplex: 'half' });
  expect(await errorOf(chunked)).toMatchObject({ status: 413, code: 'too-large' });
});

test('a body of another type is refused: forms of other pages can send no JSON', async () => {
  const place = await openPlace();
  const answer = await place.fetch('/api/rooms', {
    ...{ method: 'POST', token: place.token, body: json({ title: 'x' }) },
    headers: { 'content-type': 'text/plain' },
  });
  expect(await errorOf(answer)).toMatchObject({ status: 400, code: 'malformed' });
});

test('a page of another origin is refused, one of ours is not', async () => {
  const place = await openPlace();
  const from = (origin: string) =>
    place.fetch('/api/me', { token: place.token, headers: { origin } });
  expect(await errorOf(await from('https://evil.example'))).toMatchObject({ code: 'forbidden' });
  expect(await errorOf(await from('null'))).toMatchObject({ code: 'forbidden' });
  expect((await from(place.front.url)).status).toBe(200);
  expect((await from(place.front.url.replace('127.0.0.1', 'localhost'))).status).toBe(200);
  expect(place.front.allowsOrigin(undefined)).toBe(true);
});

test('with a public address, only that is ours, and links begin with it', async () => {
  const place = await openPlace({ DRAPE_PUBLIC_URL: 'https://live.example.org' });
  const { link } = await invited(place, 'viewer');
  expect(link).toMatch(/^https:\/\/live\.example\.org\/watch\//);
  expect(place.front.allowsOrigin('https://live.example.org')).toBe(true);
  expect(place.front.allowsOrigin(localUrl(place.front))).toBe(false);
  const answer = await place.fetch('/health');
  expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=\d+/);
});

test('an address that is not there is 404, and one for other methods says which', async () => {
  const place = await openPlace();
  const { token } = place;
  for (const path of [
    '/api',
    '/api/',
    '/api/nothing',
    '/api/rooms/a/b/c',
    '/api/rooms/..%2f/invites',
  ]) {
    expect(await errorOf(await place.fetch(path, { token }))).toMatchObject({ status: 404 });
  }
  const other = await place.fetch('/api/rooms', { method: 'PUT', token });
  expect(other.status).toBe(405);
  expect(other.headers.get('allow')).toBe('GET, POST');
});

test('requests are counted by token: who has used up a minute is told when to come again', async () => {
  const place = await openPlace({ DRAPE_MAX_REQUESTS: '3' });
  const { token } = await place.access.createAdministrator();
  for (let n = 0; n < 3; n += 1) await place.fetch('/api/me', { token });
  const refused = await place.fetch('/api/me', { token });
  expect(await errorOf(refused)).toMatchObject({ status: 429, code: 'rate-limited' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await place.fetch('/api/me', { token: place.token })).status).toBe(200);
});

test('guessing tokens ends in a wait; behind a proxy it is counted by the address that it saw', async () => {
  const place = await openPlace({ DRAPE_MAX_FAILED_TOKENS: '2', DRAPE_TRUST_PROXY: '1' });
  const guess = async (from: string) =>
    (await place.fetch('/api/me', { token: 'guess', headers: { 'x-forwarded-for': from } })).status;
  const statuses = [await guess('9.9.9.9, 192.0.2.1'), await guess('8.8.8.8, 192.0.2.1')];
  statuses.push(await guess('7.7.7.7, 192.0.2.1'), await guess('192.0.2.2'));
  expect(statuses).toEqual([401, 401, 429, 401]);
});

test('health says what is wrong, by part, and 503 only while it starts or stops', async () => {
  const place = await openPlace();
  const health = async () => {
    const answer = await place.fetch('/health');
    return { code: answer.status, body: (await answer.json()) as object };
  };
  expect(await health()).toMatchObject({
    code: 200,
    body: { status: 'degraded', version: '1.2.3', checks: { media: 'ok', web: 'not built' } },
  });
  place.phase = 'starting';
  expect(await health()).toMatchObject({ code: 503, body: { status: 'starting' } });
  place.phase = 'stopping';
  expect(await health()).toMatchObject({ code: 503, body: { status: 'stopping' } });
});

test('metrics are for this machine and for administrators, and never name a room', async () => {
  const place = await openPlace();
  const { room, token } = await invited(place, 'viewer');
  await place.fetch(`/api/rooms/${room.id}/invites`, { token: place.token });
  const here = await place.fetch('/metrics');
  const text = await here.text();
  expect(text).toContain('route="/api/rooms/:id/invites"');
  expect(text).not.toContain(room.id);
  const headers = { 'x-forwarded-for': '192.0.2.1' };
  expect((await place.fetch('/metrics', { headers })).status).toBe(401);
  expect((await place.fetch('/metrics', { headers, token })).status).toBe(403);
  expect((await place.fetch('/metrics', { headers, token: place.token })).status).toBe(200);
});

test('no token gets into the log, whatever is asked', async () => {
  const place = await openPlace();
  const { token, room } = await invited(place, 'viewer');
  await place.fetch(`/api/me?t=${token}`, { token });
  await place.fetch(`/watch/${room.id}?t=${token}`);
  await place.fetch('/api/rooms', { method: 'POST', token: `${token}x`, body: '{' });
  place.access.onEnding(() => {
    throw new Error('unused');
  });
  expect(place.logged()).not.toContain(token.split('.')[1]);
});

test.each([
  ['garbage', 'garbage\r\n\r\n'],
  ['an address of another server', 'GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a doubled slash', 'GET //evil.example/%2e HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['huge headers', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(100_000)}\r\n\r\n`],
  ['a NUL', 'GET /\u0000 HTTP/1.1\r\nHost: x\r\n\r\n'],
])('%s on the socket is answered with 4xx, and the server goes on', async (_name, text) => {
  const place = await openPlace();
  const { port, hostname } = new URL(localUrl(place.front));
  const said = await new Promise<string>((resolve, reject) => {
    let all = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (part) => {
      all += String(part);
      // An answer is enough: this end closes first.
      socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(all);
    });
  });
  expect(said).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect((await place.fetch('/health')).status).toBe(200);
});
