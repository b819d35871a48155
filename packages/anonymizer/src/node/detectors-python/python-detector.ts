import {
  DetectorError,
  type AbortSignalLike,
  type Detector,
  type DetectorInfo,
  type Look,
  type RawFrame,
} from '@drape/anonymizer/core';
import type { WireValue } from '../worker/messages.ts';
import type { WorkerPool } from '../worker/worker-pool.ts';
import type { PythonDetectorEntry } from './catalogue.ts';
import { asDetectorError } from './detector-errors.ts';
import { parseLook } from './parse-look.ts';

let opened = 0;

/**
 * A detector in a worker. It sends the luma plane alone: nothing here looks at colours. Looks of
 * one detector are one stream: they run in order, in one process, which may keep its background.
 */
export class PythonDetector implements Detector {
  readonly info: DetectorInfo;
  readonly #entry: PythonDetectorEntry;
  readonly #pool: WorkerPool;
  readonly #release: () => Promise<void>;
  readonly #timeoutMs: number;
  readonly #key: string;
  readonly #gone = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(options: {
    readonly entry: PythonDetectorEntry;
    readonly models: DetectorInfo['models'];
    readonly pool: WorkerPool;
    readonly timeoutMs: number;
    /** Gives the pool back. */
    readonly release: () => Promise<void>;
  }) {
    const { entry, models, pool } = options;
    this.info = { id: entry.id, classes: entry.classes, steps: entry.steps, models };
    this.#entry = entry;
    this.#pool = pool;
    this.#release = options.release;
    this.#timeoutMs = options.timeoutMs;
    this.#key = `${entry.id} ${++opened}`;
  }

  async warmUp(): Promise<void> {
    const side = 64;
    const args = { widthPx: side, heightPx: side, strideBytes: side, rotationDeg: 0 };
    const payload = [new Uint8Array(side * side).fill(128)];
    // Under another key: what it sees is no frame of the stream.
    await this.#call('look', { args, payload, key: `${this.#key} warm-up` });
    await this.#call('forget', { key: `${this.#key} warm-up` });
    this.#pool.forget(`${this.#key} warm-up`);
  }

  async look(frame: RawFrame, options: { signal?: AbortSignalLike } = {}): Promise<Look> {
    const { widthPx, heightPx, y, strideY } = frame.read();
    const args = { widthPx, heightPx, strideBytes: strideY, rotationDeg: frame.info.rotationDeg };
    const payload = [y.subarray(0, strideY * (heightPx - 1) + widthPx)];
    const { signal } = options;
    if (signal?.aborted === true) throw new DetectorError(this.info.id, 'aborted');
    const result = await this.#call('look', { args, payload, key: this.#key, signal });
    const [cls = 'text'] = this.#entry.classes;
    try {
      return parseLook(result, cls, { widthPx, heightPx });
    } catch (error) {
      throw asDetectorError(this.info.id, error);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #isClosed(): boolean {
    return this.#gone.signal.aborted;
  }

  async #close(): Promise<void> {
    this.#gone.abort();
    // The process may serve other streams: it must not keep what it saw of this one.
    await this.#pool
      .call('forget', { key: this.#key, order: 'serial', timeoutMs: this.#timeoutMs })
      .catch(() => undefined);
    this.#pool.forget(this.#key);
    await this.#release();
  }

  async #call(
    method: string,
    call: {
      readonly key: string;
      readonly args?: Readonly<Record<string, number>>;
      readonly payload?: readonly Uint8Array[];
      readonly signal?: AbortSignalLike | undefined;
    },
  ): Promise<WireValue> {
    if (this.#isClosed()) throw new DetectorError(this.info.id, 'closed');
    const { signal, key, args = null, payload = [] } = call;
    const stop = new AbortController();
    const abort = (): void => {
      stop.abort();
    };
    signal?.addEventListener('abort', abort, { once: true });
    const all = AbortSignal.any([stop.signal, this.#gone.signal]);
    try {
      const result = await this.#pool.call(method, {
        args,
        payload,
        key,
        order: 'serial',
        timeoutMs: this.#timeoutMs,
        signal: all,
      });
      return result.value;
    } catch (error) {
      if (this.#isClosed()) {
        throw new DetectorError(this.info.id, 'closed', { cause: error });
      }
      throw asDetectorError(this.info.id, error);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}
