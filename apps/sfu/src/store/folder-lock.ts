import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from './store.ts';

/**
 * Keeps a second server off the folder: each would overwrite what the other one wrote. The lock of a
 * process that is dead is taken over.
 * @throws StoreError `in-use`
 */
export function lockFolder(folder: string): Disposable {
  const path = join(folder, 'lock');
  const own = identity(process.pid);
  while (!create(path, own)) {
    const held = read(path);
    if (held === undefined) continue;
    if (isAlive(held)) {
      throw new StoreError(
        'in-use',
        `${folder} is in use by another server (process ${held.split(' ')[0] ?? '?'}): end it, or set DRAPE_DATA_DIR to another folder.`,
      );
    }
    rmSync(path, { force: true });
  }
  return {
    [Symbol.dispose]() {
      if (read(path) === own) rmSync(path, { force: true });
    },
  };
}

/** link() fails where the name is taken, and the lock is never seen empty. */
function create(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(held: string): boolean {
  const pid = Number.parseInt(held, 10);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return held === identity(pid);
}

/** Process numbers are used again: on Linux the start time (field 22 of stat) tells two apart. */
function identity(pid: number): string {
  const stat = read(`/proc/${pid}/stat`) ?? '';
  // Counted after the command, which may itself hold spaces and parentheses.
  return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
}
