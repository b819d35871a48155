import { Duplex } from 'node:stream';
import type { WireValue } from './messages.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface WorkerDuplexOptions {
  readonly method: string;
  /** Bytes of one call: a frame. 1920×1080 4:2:0 is 3,110,400. */
  readonly frameBytes: number;
  readonly args?: WireValue;
  /** Frames under way at once. Default 4. */
  readonly depth?: number;
  /** `serial` for a method that needs its frames one after the other. Default `ordered`. */
  readonly order?: 'ordered' | 'serial';
  readonly timeoutMs?: number;
}

let streams = 0;

/**
 * Frames in, the worker's replies out, in order. A frame that fails destroys the stream with its
 * WorkerError: nothing that a method has not answered ever comes out. At most `depth` frames are
 * held; then writing waits. It does not own the pool.
 */
export function workerDuplex(pool: WorkerPool, options: WorkerDuplexOptions): Duplex {
  const { method, frameBytes, args = null, depth = 4, order = 'ordered' } = options;
  const { timeoutMs } = options;
  const key = `duplex ${++streams}`;
  const gone = new AbortController();
  let partial: Buffer[] = [];
  let partialBytes = 0;
  let underWay = 0;
  let wantsMore = false;
  /** Replies that nobody asked for yet: at most `depth`. */
  const replies: Uint8Array[] = [];
  let onRoom: (() => void) | undefined;
  let onDone: (() => void) | undefined;

  const duplex = new Duplex({
    // Frames are counted, not bytes.
    writableHighWaterMark: frameBytes,
    readableHighWaterMark: frameBytes,
    write(chunk: Buffer, _encoding, done) {
      partial.push(chunk);
      partialBytes += chunk.length;
      takeFrames(done);
    },
    final(done) {
      if (partialBytes > 0) {
        done(new RangeError(`the stream ended inside a frame: ${partialBytes} bytes are left`));
        return;
      }
      onDone = done;
      settle();
    },
    read() {
      wantsMore = true;
      settle();
    },
    destroy(error, done) {
      gone.abort();
      pool.forget(key);
      done(error);
    },
  });

  function takeFrames(done: () => void): void {
    while (partialBytes >= frameBytes && underWay + replies.length < depth) sendFrame();
    if (partialBytes < frameBytes) done();
    else {
      onRoom = () => {
        takeFrames(done);
      };
    }
  }

  function sendFrame(): void {
    const all = partial.length === 1 && partial[0] ? partial[0] : Buffer.concat(partial);
    const rest = all.subarray(frameBytes);
    partial = rest.length > 0 ? [rest] : [];
    partialBytes = rest.length;
    underWay += 1;
    const call = { args, key, order, payload: [all.subarray(0, frameBytes)], signal: gone.signal };
    pool.call(method, timeoutMs === undefined ? call : { ...call, timeoutMs }).then(
      ({ payload }) => {
        underWay -= 1;
        replies.push(payload ?? new Uint8Array(0));
        settle();
      },
      (error: unknown) => duplex.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  }

  function settle(): void {
    while (wantsMore && replies.length > 0) {
      const reply = replies.shift();
      if (reply && reply.length > 0) wantsMore = duplex.push(reply);
    }
    const room = onRoom;
    onRoom = undefined;
    room?.();
    if (onDone && underWay === 0 && replies.length === 0) {
      onDone();
      onDone = undefined;
      duplex.push(null);
    }
  }

  return duplex;
}
