import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Removes what a child that could not clean up left beside an output: `.NAME.drape-partial-PID…`.
 * The process id in the name keeps it from touching those of another run.
 */
export async function removePartials(output: string, pid: number): Promise<void> {
  const folder = path.dirname(output);
  const mark = `.drape-partial-${pid}`;
  const entries = await readdir(folder).catch(() => []);
  for (const name of entries) {
    const after = name.split(mark)[1];
    // The mark must end the number: 12 is not 123.
    if (!name.startsWith('.') || after === undefined || /^\d/.test(after)) continue;
    await rm(path.join(folder, name), { force: true });
  }
}

/**
 * Makes the folder of an output; gives back how to remove what it made, as far as it is empty.
 * Step by step: `mkdir` with `recursive` never returns where the system says ENOENT for a folder
 * that can't be made (below /proc, say).
 */
export async function makeFolder(folder: string): Promise<() => Promise<void>> {
  const missing: string[] = [];
  for (let at = path.resolve(folder); !existsSync(at); at = path.dirname(at)) missing.push(at);
  const made: string[] = [];
  for (const at of missing.reverse()) {
    try {
      await mkdir(at);
      made.push(at);
    } catch (error) {
      // Another file of this run was faster.
      if (!existsSync(at)) throw error;
    }
  }
  return async () => {
    for (const at of made.reverse()) {
      try {
        await rmdir(at);
      } catch {
        return; // another file of this run lies in it
      }
    }
  };
}
