import { fork } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFileStore, StoreError, type State, type Store } from '../../src/store/index.ts';
import { temporaryFolder } from './support.ts';

const room = (n: number) => ({
  id: `room-${n}`,
  title: `Room ${n}`,
  createdAt: '2026-01-01T00:00:00.000Z',
});
const withRoom = (n: number) => (state: State) => ({ ...state, rooms: [...state.rooms, room(n)] });

function open(folder: string): Store {
  const store = openFileStore(folder);
  onTestFinished(() => store.close());
  return store;
}

test('what was written is there after a restart, for its owner only', async () => {
  const folder = join(temporaryFolder(), 'deep', 'data');
  const store = openFileStore(folder);
  expect(store.state).toEqual({ version: 1, administrators: [], rooms: [], invites: [] });
  await store.update(withRoom(1));
  await store.close();
  expect(open(folder).state.rooms).toEqual([room(1)]);
  expect(statSync(join(folder, 'state.json')).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('a folder that others may read is closed to them', () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  open(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('changes that come together happen one after the other; none is lost', async () => {
  const folder = temporaryFolder();
  const store = open(folder);
  await Promise.all(Array.from({ length: 20 }, (_, n) => store.update(withRoom(n))));
  expect(store.state.rooms.map(({ id }) => id)).toEqual(
    Array.from({ length: 20 }, (_, n) => `room-${n}`),
  );
});

test('a change that throws is refused and leaves everything as it was; the next one goes on', async () => {
  const store = open(temporaryFolder());
  const broken = store.update(() => {
    throw new RangeError('no');
  });
  const next = store.update(withRoom(1));
  await expect(broken).rejects.toThrow(RangeError);
  await next;
  expect(store.state.rooms).toEqual([room(1)]);
});

test('a state that cannot be written is not taken over', async () => {
  const folder = temporaryFolder();
  const store = open(folder);
  // What the draft is written to is a folder: root may write everywhere else.
  mkdirSync(join(folder, 'state.json.new'));
  await expect(store.update(withRoom(1))).rejects.toMatchObject({ reason: 'unwritable' });
  expect(store.state.rooms).toEqual([]);
});

test('a second server on the same folder is refused, by its process', () => {
  const folder = temporaryFolder();
  open(folder);
  expect(() => openFileStore(folder)).toThrow(
    new RegExp(`in use by another server \\(process ${process.pid}\\).*DRAPE_DATA_DIR`),
  );
});

test('the lock of a dead process is taken over', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'lock'), '999999999 1');
  expect(open(folder).state.version).toBe(1);
});

test('after close, changes are refused and the folder is free', async () => {
  const folder = temporaryFolder();
  const store = openFileStore(folder);
  await Promise.all([store.close(), store.close()]);
  await expect(store.update(withRoom(1))).rejects.toMatchObject({ reason: 'closed' });
  expect(open(folder).state.rooms).toEqual([]);
});

test.each([
  ['cut off', '{"version":1,"admin'],
  ['empty', ''],
  ['of a later version', '{"version":2,"administrators":[],"rooms":[],"invites":[]}'],
  ['of another shape', '{"version":1,"administrators":[],"rooms":[{}],"invites":[]}'],
])('a file that is %s is an error that says what to do, and it is left as it is', (_name, text) => {
  const folder = temporaryFolder();
  const file = join(folder, 'state.json');
  writeFileSync(file, text);
  expect(() => openFileStore(folder)).toThrow(StoreError);
  expect(() => openFileStore(folder)).toThrow(/state\.json is damaged.*move it away/);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('an error about a damaged file holds nothing of it: the signing key is in there', () => {
  const folder = temporaryFolder();
  const secret = 'c2VjcmV0LXNpZ25pbmcta2V5';
  const key = { kty: 'OKP', crv: 'Ed25519', x: 'x', d: secret };
  writeFileSync(join(folder, 'state.json'), JSON.stringify({ version: 1, signingKey: key }));
  let said: unknown;
  try {
    openFileStore(folder);
  } catch (error) {
    said = error;
  }
  expect(said).toBeInstanceOf(StoreError);
  const { message, cause, stack } = said as StoreError;
  expect(`${message} ${String(cause)} ${stack ?? ''}`).not.toContain(secret);
});

test('killed in the middle of writing, it holds what it last promised, or the next', async () => {
  const folder = temporaryFolder();
  const program = join(import.meta.dirname, 'writes-forever.ts');
  let last = 0;
  for (const afterWrites of [1, 3, 4]) {
    const child = fork(program, [folder], { stdio: 'ignore' });
    let promised = '';
    await new Promise<void>((resolve, reject) => {
      let writes = 0;
      child.on('message', (id: string) => {
        promised = id;
        writes += 1;
        // The next write has begun by now.
        if (writes === afterWrites) child.kill('SIGKILL');
      });
      child.once('error', reject);
      child.once('exit', () => {
        resolve();
      });
    });
    const store = openFileStore(folder);
    const number = Number(store.state.rooms.at(-1)?.id.slice('room-'.length));
    await store.close();
    expect(number).toBeGreaterThanOrEqual(Number(promised.slice('room-'.length)));
    expect(number).toBeGreaterThan(last - 1);
    last = number;
  }
});
