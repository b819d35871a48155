import {
  DetectorError,
  type AbortSignalLike,
  type Detector,
  type DetectorErrorReason,
  type DetectorInfo,
  type Look,
  type LookOptions,
} from '../detector.ts';
import type { RawFrame } from '../frame.ts';
import { packFrame } from './packed-frame.ts';
import type { After, DetectorThread, FromThread, ToThread } from './protocol.ts';

/** Looks that may wait or run at once; each holds a copy of its frame. */
const MAX_UNDER_WAY = 16;
/** Copies of frames that may be held at once, in bytes: three 8K frames. */
const MAX_HELD_BYTES = 384 * 1024 * 1024;
/** Handed to the thread at once: one runs, one is at hand when it ends. */
const MAX_POSTED = 2;
const CALL_LIMIT_MS = 30_000;

interface Call {
  readonly message: Exclude<ToThread, { kind: 'close' }>;
  readonly resolve: (look: Look | undefined) => void;
  readonly reject: (error: DetectorError) => void;
}

/** A detector whose engine runs in a thread of its own. */
export class RemoteDetector implements Detector {
  readonly info: DetectorInfo;
  readonly #thread: DetectorThread;
  readonly #after: After;
  readonly #calls = new Map<number, Call>();
  /** Calls that the thread does not have yet, in order. */
  readonly #waiting: number[] = [];
  readonly #posted = new Set<number>();
  readonly #spare: ArrayBuffer[] = [];
  #heldBytes = 0;
  #lastCall = 0;
  #ended: DetectorErrorReason | undefined;
  #closing: Promise<void> | undefined;

  constructor(thread: DetectorThread, info: DetectorInfo, after: After) {
    this.#thread = thread;
    this.#after = after;
    this.info = info;
    thread.listen({
      message: (message) => {
        this.#hear(message);
      },
      end: (cause) => {
        this.#end('process-died', cause);
      },
    });
  }

  async warmUp(): Promise<void> {
    await this.#call((call) => ({ kind: 'warm-up', call }), undefined);
  }

  async look(frame: RawFrame, options: LookOptions = {}): Promise<Look> {
    if (this.#ended) throw this.#error(this.#ended);
    if (options.signal?.aborted) throw this.#error('aborted');
    if (this.#calls.size >= MAX_UNDER_WAY || this.#heldBytes > MAX_HELD_BYTES) {
      throw this.#error('inference-failed', { detail: 'too many looks are under way' });
    }
    const packed = packFrame(frame.read(), frame.info.rotationDeg, (size) => this.#buffer(size));
    this.#heldBytes += packed.buffer.byteLength;
    const sizeBytes = packed.buffer.byteLength;
    try {
      const { effort = 'usual' } = options;
      const make = (call: number): Call['message'] => {
        return { kind: 'look', call, frame: packed, effort };
      };
      const look = await this.#call(make, options.signal);
      if (!look) throw this.#error('inference-failed', { detail: 'the thread gave no look' });
      return look;
    } finally {
      this.#heldBytes -= sizeBytes;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    const alreadyGone = this.#ended !== undefined;
    this.#end('closed');
    if (alreadyGone) return;
    this.#thread.post({ kind: 'close' }, []);
    await this.#thread.stop();
  }

  #call(
    make: (call: number) => Call['message'],
    signal: AbortSignalLike | undefined,
  ): Promise<Look | undefined> {
    const call = ++this.#lastCall;
    return new Promise<Look | undefined>((resolve, reject) => {
      if (this.#ended) {
        reject(this.#error(this.#ended));
        return;
      }
      const callOff = this.#after(CALL_LIMIT_MS, () => {
        this.#giveUp(call, this.#error('timeout'));
      });
      const onAbort = (): void => {
        this.#giveUp(call, this.#error('aborted'));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const settled = (): void => {
        callOff();
        signal?.removeEventListener('abort', onAbort);
      };
      this.#calls.set(call, {
        message: make(call),
        resolve: (look) => {
          settled();
          resolve(look);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      this.#waiting.push(call);
      this.#post();
    });
  }

  #post(): void {
    while (this.#posted.size < MAX_POSTED) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const message = this.#calls.get(next)?.message;
      if (!message) continue;
      this.#posted.add(next);
      this.#thread.post(message, message.kind === 'look' ? [message.frame.buffer] : []);
    }
  }

  #hear(message: FromThread): void {
    if (message.kind === 'ready') return;
    if (message.kind === 'seen') this.#keep(message.buffer);
    if (message.call === undefined) return;
    const call = this.#calls.get(message.call);
    this.#calls.delete(message.call);
    this.#posted.delete(message.call);
    if (message.kind === 'failed') {
      call?.reject(this.#error(message.reason, { detail: message.detail }));
    } else call?.resolve(message.kind === 'seen' ? message.look : undefined);
    this.#post();
  }

  /** The caller gets its error now; what the thread already has is answered into the void. */
  #giveUp(number: number, error: DetectorError): void {
    const call = this.#calls.get(number);
    if (!call) return;
    this.#calls.delete(number);
    call.reject(error);
    const waits = this.#waiting.indexOf(number);
    if (waits !== -1) this.#waiting.splice(waits, 1);
  }

  #end(reason: DetectorErrorReason, cause?: unknown): void {
    if (this.#ended) return;
    this.#ended = reason;
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    this.#waiting.length = 0;
    this.#posted.clear();
    this.#spare.length = 0;
    for (const call of calls) call.reject(this.#error(reason, { cause }));
  }

  #buffer(sizeBytes: number): ArrayBuffer {
    const found = this.#spare.findIndex((spare) => spare.byteLength === sizeBytes);
    if (found === -1) return new ArrayBuffer(sizeBytes);
    const [buffer] = this.#spare.splice(found, 1);
    return buffer ?? new ArrayBuffer(sizeBytes);
  }

  #keep(buffer: ArrayBuffer): void {
    if (this.#ended) return;
    this.#spare.push(buffer);
    if (this.#spare.length > MAX_POSTED) this.#spare.shift();
  }

  #error(
    reason: DetectorErrorReason,
    options: { detail?: string; cause?: unknown } = {},
  ): DetectorError {
    return new DetectorError(this.info.id, reason, options);
  }
}
