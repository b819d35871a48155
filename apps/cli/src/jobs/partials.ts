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

/** Makes the folder of an output; gives back how to remove what it made, as far as it is empty. */
export async function makeFolder(folder: string): Promise<() => Promise<void>> {
  const first = await mkdir(folder, { recursive: true });
  return async () => {
    if (first === undefined) return;
    const top = path.dirname(path.resolve(first));
    for (let at = path.resolve(folder); at !== top; at = path.dirname(at)) {
      try {
        await rmdir(at);
      } catch {
        return; // another file of this run lies in it
      }
    }
  };
}
