import { createHmac } from 'node:crypto';
import { base64url, generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import {
  linkFor,
  openAccess,
  PerMinute,
  type Access,
  type Ending,
} from '../../src/access/index.ts';
import { openFileStore, type Store } from '../../src/store/index.ts';
import { temporaryFolder } from '../store/support.ts';

const hour = 3600;
const address = '192.0.2.1';

async function place(options: { rooms?: number; failedTokensPerMinute?: number } = {}) {
  const store = openFileStore(temporaryFolder());
  onTestFinished(() => store.close());
  const clock = { now: Date.parse('2026-03-01T12:00:00Z') };
  const access = await openWith(store, clock, options);
  return { store, clock, access };
}

function openWith(
  store: Store,
  clock: { now: number },
  { rooms = 10, failedTokensPerMinute = 1000 } = {},
): Promise<Access> {
  const limits = { rooms, failedTokensPerMinute };
  return openAccess({ store, limits, adminLinkDays: 30, now: () => clock.now });
}

async function invited(access: Access, role: 'publisher' | 'viewer' = 'viewer') {
  const room = await access.createRoom('Theatre 3');
  const issued = await access.createInvite(room.id, { role, expiresInS: hour });
  return { room, ...issued };
}

/** A token with parts of one's own; each part is a JSON value. */
function forged(header: unknown, payload: unknown, signature = ''): string {
  const part = (value: unknown) => base64url.encode(JSON.stringify(value));
  return `${part(header)}.${part(payload)}.${signature}`;
}

const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;

test('an invite opens its room in its role until it expires', async () => {
  const { access, clock } = await place();
  const { room, token, tokenId } = await invited(access, 'publisher');
  await expect(access.authenticate(token, address)).resolves.toMatchObject({
    role: 'publisher',
    room: room.id,
    tokenId,
    expiresAtMs: clock.now + hour * 1000,
  });
  clock.now += (hour - 1) * 1000;
  await expect(access.authenticate(token, address)).resolves.toMatchObject({ tokenId });
  // The tolerance for a clock that is set right is 5 s.
  clock.now += 7000;
  await expect(access.authenticate(token, address)).rejects.toMatchObject({
    code: 'token-expired',
  });
});

test('no token, an empty, a foreign and a huge one are refused alike', async () => {
  const { access } = await place();
  for (const token of [undefined, '', 'x', 'a.b.c', 'é'.repeat(50), 'a'.repeat(100_000)]) {
    await expect(access.authenticate(token, address)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  }
});

test('a token with another role, room or time, or without a signature, is refused', async () => {
  const { access } = await place();
  const { token } = await invited(access);
  const [header = '', , signature = ''] = token.split('.');
  const claims = payloadOf(token);
  for (const change of [{ role: 'administrator' }, { room: 'other' }, { exp: 9_999_999_999 }]) {
    const body = base64url.encode(JSON.stringify({ ...claims, ...change }));
    const tampered = `${header}.${body}.${signature}`;
    await expect(access.authenticate(tampered, address)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  }
  for (const alg of ['none', 'None', '', 'HS256']) {
    await expect(access.authenticate(forged({ alg }, claims), address)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  }
});

test('a token signed with the public key as an HMAC secret is refused', async () => {
  const { access, store } = await place();
  const { token } = await invited(access);
  const unsigned = forged({ alg: 'HS256' }, payloadOf(token)).slice(0, -1);
  const secret = Buffer.from(store.state.signingKey?.x ?? '', 'base64url');
  const mac = createHmac('sha256', secret).update(unsigned).digest('base64url');
  await expect(access.authenticate(`${unsigned}.${mac}`, address)).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});

test('a token of another key is refused, and so is one of ours that the store does not know', async () => {
  const { access, store, clock } = await place();
  const { token } = await invited(access);
  const { privateKey } = await generateKeyPair('EdDSA');
  const foreign = await new SignJWT(payloadOf(token))
    .setProtectedHeader({ alg: 'EdDSA' })
    .sign(privateKey);
  await expect(access.authenticate(foreign, address)).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  await store.update((state) => ({ ...state, invites: [] }));
  await expect(access.authenticate(token, address)).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  const again = await openWith(store, clock);
  const { token: second } = await invited(again);
  await expect(access.authenticate(second, address)).resolves.toMatchObject({ role: 'viewer' });
});

test('tokens outlive a restart', async () => {
  const folder = temporaryFolder();
  const clock = { now: Date.now() };
  const store = openFileStore(folder);
  const { token, tokenId } = await invited(await openWith(store, clock));
  await store.close();
  const reopened = openFileStore(folder);
  onTestFinished(() => reopened.close());
  const access = await openWith(reopened, clock);
  await expect(access.authenticate(token, address)).resolves.toMatchObject({ tokenId });
});

test('a revoked token is refused at once, is told once, and stays in the list', async () => {
  const { access } = await place();
  const { room, token, tokenId } = await invited(access);
  const heard: Ending[] = [];
  const stop = access.onEnding((ending) => heard.push(ending));
  await access.revoke(tokenId);
  await expect(access.authenticate(token, address)).rejects.toMatchObject({
    code: 'token-revoked',
  });
  expect(heard).toEqual([{ tokenId, reason: 'revoked' }]);
  const [listed] = access.invites(room.id);
  expect(listed?.revokedAt).toBeDefined();
  stop();
  await access.revoke(tokenId);
  expect(heard).toHaveLength(1);
  expect(access.invites(room.id)[0]?.revokedAt).toBe(listed?.revokedAt);
  await expect(access.revoke('no-such-token')).rejects.toMatchObject({ code: 'not-found' });
});

test('a deleted room takes its tokens with it', async () => {
  const { access } = await place();
  const { room, token, tokenId } = await invited(access);
  const other = await invited(access);
  const heard: unknown[] = [];
  access.onEnding((ending) => heard.push(ending));
  access.onRoomDeleted((roomId) => heard.push(roomId));
  await access.deleteRoom(room.id);
  expect(heard).toEqual([{ tokenId, reason: 'room-closed' }, room.id]);
  await expect(access.authenticate(token, address)).rejects.toMatchObject({
    code: 'token-revoked',
  });
  await expect(access.authenticate(other.token, address)).resolves.toMatchObject({
    room: other.room.id,
  });
  expect(() => access.invites(room.id)).toThrow(/no such room/);
  await expect(access.deleteRoom(room.id)).rejects.toMatchObject({ code: 'room-not-found' });
});

test('the first administrator is made once, and anew when no link of one holds any more', async () => {
  const { access, clock } = await place();
  const first = await access.createFirstAdministrator();
  expect(first).toBeDefined();
  await expect(access.createFirstAdministrator()).resolves.toBeUndefined();
  await expect(access.authenticate(first?.token, address)).resolves.toMatchObject({
    role: 'administrator',
    room: undefined,
  });
  const another = await access.createAdministrator();
  await access.revoke(first?.tokenId ?? '');
  await expect(access.createFirstAdministrator()).resolves.toBeUndefined();
  await expect(access.authenticate(another.token, address)).resolves.toBeDefined();
  clock.now += 31 * 86_400_000;
  await expect(access.createFirstAdministrator()).resolves.toBeDefined();
});

test('refused tokens are counted by address; a good token passes even then', async () => {
  const { access } = await place({ failedTokensPerMinute: 3 });
  const { token } = await invited(access);
  const codes: unknown[] = [];
  for (let n = 0; n < 4; n += 1) {
    await access.authenticate('wrong', address).catch((error: unknown) => codes.push(error));
  }
  expect(codes.map((error) => (error as { code: string }).code)).toEqual([
    'unauthenticated',
    'unauthenticated',
    'unauthenticated',
    'rate-limited',
  ]);
  expect(codes.at(-1)).toMatchObject({ retryAfterMs: expect.closeTo(60_000, -4) as number });
  await expect(access.authenticate('wrong', '192.0.2.2')).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  await expect(access.authenticate(token, address)).resolves.toBeDefined();
});

test('there are no more rooms than may be', async () => {
  const { access } = await place({ rooms: 2 });
  await access.createRoom('1');
  await access.createRoom('2');
  await expect(access.createRoom('3')).rejects.toMatchObject({ code: 'wrong-state' });
});

test('an invite that ended long ago is forgotten', async () => {
  const { access, clock } = await place();
  const { room } = await invited(access);
  clock.now += 9 * 86_400_000;
  await access.createInvite(room.id, { role: 'viewer', expiresInS: hour, label: 'students' });
  expect(access.invites(room.id)).toEqual([expect.objectContaining({ label: 'students' })]);
});

test('no token is ever stored', async () => {
  const { access, store } = await place();
  const { token } = await invited(access);
  const admin = await access.createAdministrator();
  const stored = JSON.stringify(store.state);
  for (const secret of [token, admin.token]) {
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(secret.split('.')[2]);
  }
});

test('links carry the token in the fragment, which reaches no server', () => {
  const link = linkFor('https://a.example', { role: 'viewer', room: 'r00m', token: 'T' });
  expect(link).toBe('https://a.example/watch/r00m#t=T');
  expect(new URL(link).hash).toBe('#t=T');
  const admin = linkFor('https://a.example', { role: 'administrator', token: 'T' });
  expect(admin).toBe('https://a.example/admin#t=T');
});

test('so many in a minute, and then it says when to come again', async () => {
  const limit = new PerMinute(2, 'too many');
  await limit.count('a');
  await limit.count('a');
  await limit.count('b');
  await expect(limit.count('a')).rejects.toMatchObject({ code: 'rate-limited' });
});
