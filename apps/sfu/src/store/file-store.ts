import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.ts';
import { emptyState, stateSchema, type State } from './state.ts';
import { StoreError, type Store } from './store.ts';
import { writeAtomically } from './write-atomically.ts';

/**
 * Opens the state that lies in `folder`, or begins a new one there. The folder is closed to all others.
 * @throws StoreError `corrupt`, `unreadable`, `in-use`
 */
export function openFileStore(folder: string): Store {
  const file = join(folder, 'state.json');
  let lock: Disposable | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    lock = lockFolder(folder);
    return new FileStore({ file, lock, state: load(file) });
  } catch (error) {
    lock?.[Symbol.dispose]();
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      'unreadable',
      `The data folder ${folder} can't be used: see that this user may write there, or set DRAPE_DATA_DIR.`,
      error,
    );
  }
}

class FileStore implements Store {
  readonly #file: string;
  readonly #lock: Disposable;
  #state: State;
  #closed = false;
  #last: Promise<void> = Promise.resolve();

  constructor({ file, lock, state }: { file: string; lock: Disposable; state: State }) {
    this.#file = file;
    this.#lock = lock;
    this.#state = state;
  }

  get state(): State {
    return this.#state;
  }

  update(change: (state: State) => State): Promise<void> {
    if (this.#closed) return Promise.reject(new StoreError('closed', 'The store is closed.'));
    const done = this.#last.then(() => this.#write(change(this.#state)));
    // The next change follows whether or not this one could be written.
    this.#last = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#last;
    this.#lock[Symbol.dispose]();
  }

  async #write(next: State): Promise<void> {
    if (next === this.#state) return;
    try {
      await writeAtomically(this.#file, `${JSON.stringify(next, undefined, 2)}\n`);
    } catch (cause) {
      throw new StoreError('unwritable', `${this.#file} can't be written.`, cause);
    }
    this.#state = next;
  }
}

function load(file: string): State {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return emptyState;
    throw error;
  }
  const parsed = stateSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  // Neither content nor cause: the file holds the signing key.
  throw new StoreError(
    'corrupt',
    `${file} is damaged${where === '' ? '' : ` at "${where}"`}. Restore it from a backup, or move it away: a new one is begun, and all links that were given out end.`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
