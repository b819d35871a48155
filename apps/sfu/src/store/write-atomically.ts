import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file as a whole: after a crash at any moment it holds the old text or the new one.
 * Only its owner may read it.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await using file = await open(draft, 'w', 0o600);
  await file.writeFile(text);
  // Without it the rename could reach the disk before the content does.
  await file.sync();
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** Makes the rename itself durable. Windows knows no handle of a folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}
