import { availableParallelism } from 'node:os';
import { KeyOrder } from './key-order.ts';
import type { Hello } from './messages.ts';
import { PendingCall, type CallOptions, type CallResult } from './pending-call.ts';
import { Supervisor } from './supervisor.ts';
import { boundsOf, type WorkerSpec } from './worker-spec.ts';

/**
 * Workers of one kind, as many as there are cores, started when they are needed and kept.
 *
 * `await using pool = new WorkerPool(spec)` ends them with its scope.
 */
export class WorkerPool implements AsyncDisposable {
  readonly name: string;
  readonly #callTimeoutMs: number;
  readonly #members: readonly Supervisor[];
  readonly #order = new KeyOrder();
  /** Where the calls of a serial key go: its state is in that process. */
  readonly #homes = new Map<string, Supervisor>();

  constructor(spec: WorkerSpec, options: { readonly size?: number } = {}) {
    const size = Math.max(1, options.size ?? availableParallelism());
    this.name = spec.name;
    this.#callTimeoutMs = boundsOf(spec).callTimeoutMs;
    this.#members = Array.from(
      { length: size },
      (_, index) => new Supervisor(spec, `${spec.name}#${index + 1}`),
    );
  }

  /** Starts the first worker. Rejects with the WorkerError that says why it can't. */
  ready(): Promise<Hello> {
    return this.#pick(undefined).ready();
  }

  /**
   * Calls a method. Settles exactly once, at the latest at its deadline, with a result or a
   * WorkerError. Failed calls are not repeated: only the caller knows whether that is safe.
   */
  call(method: string, options: CallOptions = {}): Promise<CallResult> {
    const { key, order, timeoutMs = this.#callTimeoutMs } = options;
    const serialKey = order === 'serial' ? key : undefined;
    const member = this.#pick(serialKey);
    const call = new PendingCall(member.name, method, { ...options, timeoutMs });
    if (!call.settled) member.enqueue(call);
    if (order === 'ordered' && key !== undefined) return this.#order.after(key, call.promise);
    return call.promise;
  }

  /** A serial key is not used any more; its next call may go to any worker. */
  forget(key: string): void {
    this.#homes.delete(key);
  }

  /** Processes that run now. */
  get pids(): readonly number[] {
    return this.#members.flatMap((member) => member.pid ?? []);
  }

  /** Processes that were started so far. */
  get starts(): number {
    return this.#members.reduce((sum, member) => sum + member.starts, 0);
  }

  /** Idempotent. Rejects every open call; resolves when no process is left. */
  async close(): Promise<void> {
    this.#homes.clear();
    await Promise.all(this.#members.map((member) => member.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #pick(serialKey: string | undefined): Supervisor {
    const home = serialKey === undefined ? undefined : this.#homes.get(serialKey);
    if (home) return home;
    // The least busy; among those one that runs already.
    const best = this.#members.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    if (serialKey !== undefined) this.#homes.set(serialKey, best);
    return best;
  }
}

function cost(member: Supervisor): number {
  return member.load + (member.isReady ? 0 : 0.5);
}
