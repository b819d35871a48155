import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes camera files, those first that were used longest ago, until what is left takes no more
 * than `mostBytes`. They show real people, and 1080p takes 100 MB a second. A browser that plays
 * one goes on with it.
 */
export async function makeRoom(folder: string, mostBytes: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.y4m'));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path);
      return { path, size, mtimeMs };
    }),
  );
  let left = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (left <= mostBytes) return;
    // The facts first: a picture file without them is made again, the other way round is an error.
    await rm(`${path}.json`, { force: true });
    await rm(path, { force: true });
    left -= size;
  }
}
