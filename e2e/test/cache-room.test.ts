import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeRoom } from '../src/clip/cache-room.ts';

test('camera files that were used longest ago make room, with their facts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drape-room-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [seconds, name] of ['old', 'newer', 'newest'].entries()) {
    await writeFile(join(folder, `${name}.y4m`), Buffer.alloc(1000));
    await writeFile(join(folder, `${name}.y4m.json`), '{}');
    await utimes(join(folder, `${name}.y4m`), seconds, seconds);
  }
  await makeRoom(folder, 2500);
  expect((await readdir(folder)).sort()).toEqual([
    'newer.y4m',
    'newer.y4m.json',
    'newest.y4m',
    'newest.y4m.json',
  ]);
  await makeRoom(folder, 0);
  expect(await readdir(folder)).toEqual([]);
});
