import type { FrameBuffer, I420Planes, Size } from '@drape/anonymizer/core';

/** One I420 picture in JavaScript memory, full range with BT.601 weights, as in JPEG. */
export class MemoryFrameBuffer implements FrameBuffer {
  #planes: I420Planes | undefined;

  /** Black, of the given size. */
  constructor({ widthPx, heightPx }: Size) {
    const chromaWidth = (widthPx + 1) >> 1;
    const chromaBytes = chromaWidth * ((heightPx + 1) >> 1);
    this.#planes = {
      widthPx,
      heightPx,
      y: new Uint8Array(widthPx * heightPx),
      u: new Uint8Array(chromaBytes).fill(128),
      v: new Uint8Array(chromaBytes).fill(128),
      strideY: widthPx,
      strideU: chromaWidth,
      strideV: chromaWidth,
      fullRange: true,
      matrix: 'bt601',
    };
  }

  read(): I420Planes {
    if (!this.#planes) throw new Error('the picture was given back already');
    return this.#planes;
  }

  write(): I420Planes {
    return this.read();
  }

  close(): void {
    this.#planes = undefined;
  }
}
