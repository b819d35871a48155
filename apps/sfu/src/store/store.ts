import type { State } from './state.ts';

/** Where the small state lies. A database can take the file's place behind this. */
export interface Store {
  /** What was last written; never changed in place. */
  readonly state: State;
  /**
   * Changes the state. Changes happen one after the other; when the promise resolves, this one will
   * outlive a crash. If it can't be written, the state stays as it was.
   * @param change from the old state to the new one; what it throws is passed on, and nothing is written
   * @throws StoreError `unwritable`, `closed`
   */
  update(change: (state: State) => State): Promise<void>;
  /** Waits for what is being written, and refuses changes from now on. */
  close(): Promise<void>;
}

/**
 * - `corrupt`: what lies there is not what this program wrote
 * - `unreadable`, `unwritable`: the system refused (rights, full disk)
 * - `in-use`: another server works on the same folder
 * - `closed`: the store was closed
 */
export type StoreErrorReason = 'corrupt' | 'unreadable' | 'unwritable' | 'in-use' | 'closed';

/** The message names the file and what to do; it holds nothing of the content. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly reason: StoreErrorReason;

  constructor(reason: StoreErrorReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
