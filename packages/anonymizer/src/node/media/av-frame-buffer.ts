import type { Frame } from 'node-av/lib';
import type { FrameBuffer, I420Planes } from '@drape/anonymizer/core';
import { colourMatrix, isFullRange } from './colour.ts';
import type { FramePool } from './frame-pool.ts';
import type { TimeBase } from './ticks.ts';

let open = 0;

/** How many AvFrameBuffers of this process are not closed: 0 when nothing leaks. */
export function openAvFrameBuffers(): number {
  return open;
}

/**
 * One 8-bit 4:2:0 picture in FFmpeg's memory. Decoded memory is shared with the decoder and
 * read in place; `write()` moves to memory of its own, once. Views are detached by `close()`
 * and by the first `write()`, so that a stale one reads nothing instead of another picture.
 */
export class AvFrameBuffer implements FrameBuffer {
  /** The clock of `frame.pts`. */
  readonly timeBase: TimeBase;
  readonly #pool: FramePool;
  #frame: Frame | undefined;
  #views: I420Planes | undefined;
  #giveBack: (() => void) | undefined;

  /** Takes over `frame`, which must be yuv420p or yuvj420p. */
  constructor(frame: Frame, options: { readonly timeBase: TimeBase; readonly pool: FramePool }) {
    this.#frame = frame;
    this.timeBase = options.timeBase;
    this.#pool = options.pool;
    open += 1;
  }

  /** The picture with its timestamp, for the sink. It stays owned by this buffer. */
  get frame(): Frame {
    if (!this.#frame) throw new Error('the picture was given back already');
    return this.#frame;
  }

  read(): I420Planes {
    this.#views ??= viewsOf(this.frame);
    return this.#views;
  }

  rest(): void {
    const frame = this.#frame;
    // Painted memory belongs to the pool, and is on its way out.
    if (!frame || !this.#views || this.#giveBack) return;
    // node-av keeps the views that it gave, detached or not: a new handle on the same memory
    // gives new ones.
    const again = frame.clone();
    if (!again) return;
    this.#detach();
    frame.free();
    this.#frame = again;
  }

  write(): I420Planes {
    const shared = this.frame;
    if (!this.#giveBack && !shared.isWritable) {
      const copy = this.#pool.copyOf(shared);
      this.#detach();
      shared.free();
      this.#frame = copy.frame;
      this.#giveBack = copy.giveBack;
    }
    return this.read();
  }

  close(): void {
    const frame = this.#frame;
    if (!frame) return;
    this.#detach();
    this.#frame = undefined;
    open -= 1;
    if (this.#giveBack) this.#giveBack();
    else frame.free();
  }

  #detach(): void {
    const views = this.#views;
    this.#views = undefined;
    if (!views) return;
    for (const plane of [views.y, views.u, views.v]) {
      if (plane.buffer instanceof ArrayBuffer) plane.buffer.transfer(0);
    }
  }
}

function viewsOf(frame: Frame): I420Planes {
  const [y, u, v] = frame.data ?? [];
  const [strideY, strideU, strideV] = frame.linesize;
  if (!y || !u || !v || !strideY || !strideU || !strideV) throw new Error('not a 4:2:0 picture');
  return {
    widthPx: frame.width,
    heightPx: frame.height,
    y: plain(y),
    u: plain(u),
    v: plain(v),
    strideY,
    strideU,
    strideV,
    fullRange: isFullRange(frame),
    matrix: colourMatrix(frame),
  };
}

// Not a Buffer: its slice() is a view, which would surprise code written for Uint8Array.
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
