import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AbortedError } from './errors.mjs';

/** How often a waiting set-up looks whether the other one has ended. */
const lookEveryMs = 200;

/**
 * Runs `work` while no other process holds the lock. A lock whose process is dead is taken over.
 * @template T
 * @param {string} path of the lock file
 * @param {{ abort: AbortSignal, onWait: (pid: number) => void }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, { abort, onWait }, work) {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${process.pid} ${birth(process.pid)}`;
  let told = false;
  while (!create(path, own)) {
    const held = read(path);
    if (held === undefined) continue;
    if (!alive(held)) {
      takeAway(path, held);
      continue;
    }
    if (!told) onWait(Number.parseInt(held, 10));
    told = true;
    await pause(lookEveryMs, abort);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path @param {string} content */
function create(path, content) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    // link() fails where the name is taken, and the lock is never seen empty.
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A pid alone can be someone else's by now: on Linux its start time tells. @param {string} held */
function alive(held) {
  const [pid = '', born = ''] = held.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
  return born === birth(Number(pid));
}

/** Start time of a process in clock ticks since boot, "" where there is no /proc. @param {number} pid */
function birth(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22, counted after the command, which may itself hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Removes the dead lock, and puts it back if another process was quicker and this is its own. @param {string} path @param {string} dead */
function takeAway(path, dead) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    if (read(aside) !== dead) linkSync(aside, path);
  } catch {
    // Someone else has taken it away: the next turn of the caller's loop sees what is there.
  }
  rmSync(aside, { force: true });
}

/** @param {number} ms @param {AbortSignal} abort */
async function pause(ms, abort) {
  await new Promise((resolve) => setTimeout(resolve, ms));
  if (abort.aborted) throw new AbortedError();
}
