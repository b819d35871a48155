import type { AbortSignalLike } from '@drape/anonymizer/core';
import { WorkerError, type WorkerErrorReason } from './errors.ts';
import type { WireValue } from './messages.ts';

/**
 * `none`: as threads allow. `serial`: one at a time per key, in one and the same process, for
 * methods that keep state per key. `ordered`: at once, but results are handed out in the order
 * of the calls; an error is handed out when it happens.
 */
export type CallOrder = 'none' | 'serial' | 'ordered';

export interface CallOptions {
  readonly args?: WireValue;
  /** Bytes, in pieces that are laid end to end. They are read before `call()` returns. */
  readonly payload?: readonly Uint8Array[];
  /** Which stream it belongs to; `order` holds among calls of one key. */
  readonly key?: string;
  readonly order?: CallOrder;
  /** From now on, waiting in the queue included. Default: the client's `callTimeoutMs`. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignalLike;
  readonly onProgress?: (value: WireValue) => void;
  /** Memory for the reply's bytes, used where it is large enough. */
  readonly replyInto?: Uint8Array;
}

export interface CallResult {
  readonly value: WireValue;
  readonly payload: Uint8Array | undefined;
}

let callsMade = 0;

/** One call from when it was made until it is settled, which happens exactly once. */
export class PendingCall {
  /** Unique in this process, for errors and logs; not the number on the wire. */
  readonly id = ++callsMade;
  readonly method: string;
  readonly options: CallOptions;
  readonly promise: Promise<CallResult>;
  /** Performance time at which the caller stops waiting, in milliseconds. */
  readonly deadlineMs: number;
  /** Called once when the caller gave up, with what was told to it. */
  onGiveUp: (() => void) | undefined;
  readonly #worker: string;
  readonly #resolve: (result: CallResult) => void;
  readonly #reject: (error: WorkerError) => void;
  readonly #timer: NodeJS.Timeout;
  #payload: readonly Uint8Array[];
  #settled = false;

  constructor(worker: string, method: string, options: CallOptions & { timeoutMs: number }) {
    this.#worker = worker;
    this.method = method;
    this.options = options;
    this.#payload = options.payload ?? [];
    const { promise, resolve, reject } = Promise.withResolvers<CallResult>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.deadlineMs = performance.now() + options.timeoutMs;
    this.#timer = setTimeout(() => {
      this.#giveUp('deadline');
    }, options.timeoutMs);
    if (options.signal?.aborted === true) this.#onAbort();
    else options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Milliseconds that the caller still waits, whole, at least 0. */
  get remainingMs(): number {
    return Math.max(0, Math.floor(this.deadlineMs - performance.now()));
  }

  get payload(): readonly Uint8Array[] {
    return this.#payload;
  }

  /** Makes the payload the call's own, so that the caller may change or free it. */
  keepPayload(): void {
    if (this.#payload.length > 0) this.#payload = [Buffer.concat(this.#payload)];
  }

  dropPayload(): void {
    this.#payload = [];
  }

  /** True for the first settling only. */
  resolve(result: CallResult): boolean {
    if (!this.#settle()) return false;
    this.#resolve(result);
    return true;
  }

  reject(reason: WorkerErrorReason, facts: { detail?: string; cause?: unknown } = {}): boolean {
    if (!this.#settle()) return false;
    const { method, id: callId } = this;
    this.#reject(new WorkerError(reason, { worker: this.#worker, method, callId, ...facts }));
    return true;
  }

  readonly #onAbort = (): void => {
    this.#giveUp('cancelled');
  };

  #giveUp(reason: 'deadline' | 'cancelled'): void {
    if (this.reject(reason)) this.onGiveUp?.();
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.options.signal?.removeEventListener('abort', this.#onAbort);
    this.dropPayload();
    return true;
  }
}
