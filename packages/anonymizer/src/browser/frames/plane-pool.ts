import type { ColourMatrix, FrameBuffer, I420Planes, Size } from '../../core/index.ts';

/** Colours of a picture: what detectors and paint need of them, and what the browser said. */
export interface PictureColour {
  readonly matrix: ColourMatrix;
  readonly fullRange: boolean;
  /** Goes with the frame that leaves. */
  readonly space: VideoColorSpaceInit | undefined;
}

/** Where the planes of a picture lie in a buffer: rows of whole words, as scaling wants them. */
export interface PlaneLayout3 {
  readonly sizeBytes: number;
  readonly planes: readonly [PlaneLayout, PlaneLayout, PlaneLayout];
}

const ALIGNMENT_BYTES = 64;

export function layoutOf({ widthPx, heightPx }: Size): PlaneLayout3 {
  const chromaRows = (heightPx + 1) >> 1;
  const strideY = up(widthPx, 16);
  const strideC = up((widthPx + 1) >> 1, 16);
  const offsetU = up(strideY * heightPx, ALIGNMENT_BYTES);
  const offsetV = offsetU + up(strideC * chromaRows, ALIGNMENT_BYTES);
  return {
    sizeBytes: offsetV + strideC * chromaRows,
    planes: [
      { offset: 0, stride: strideY },
      { offset: offsetU, stride: strideC },
      { offset: offsetV, stride: strideC },
    ],
  };
}

function up(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

export class PoolError extends Error {
  override readonly name = 'PoolError';
  /** `exhausted`: as many buffers as allowed are out. `closed`: the buffer was given back. */
  readonly reason: 'exhausted' | 'closed';

  constructor(reason: 'exhausted' | 'closed') {
    super(reason === 'exhausted' ? 'all frame buffers are in use' : 'this frame buffer is closed');
    this.reason = reason;
  }
}

/** A picture in the pool's memory. */
export class PooledFrame implements FrameBuffer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: PlaneLayout3;
  readonly colour: PictureColour;
  readonly #planes: I420Planes;
  #giveBack: (() => void) | undefined;

  constructor(
    bytes: Uint8Array<ArrayBuffer>,
    picture: { readonly size: Size; readonly layout: PlaneLayout3; readonly colour: PictureColour },
    giveBack: () => void,
  ) {
    const { size, layout, colour } = picture;
    const [y, u, v] = layout.planes;
    const chromaRows = (size.heightPx + 1) >> 1;
    const plane = ({ offset, stride }: PlaneLayout, rows: number): Uint8Array =>
      bytes.subarray(offset, offset + stride * rows);
    this.bytes = bytes;
    this.layout = layout;
    this.colour = colour;
    this.#giveBack = giveBack;
    this.#planes = {
      widthPx: size.widthPx,
      heightPx: size.heightPx,
      y: plane(y, size.heightPx),
      u: plane(u, chromaRows),
      v: plane(v, chromaRows),
      strideY: y.stride,
      strideU: u.stride,
      strideV: v.stride,
      fullRange: colour.fullRange,
      matrix: colour.matrix,
    };
  }

  read(): I420Planes {
    return this.write();
  }

  write(): I420Planes {
    if (!this.#giveBack) throw new PoolError('closed');
    return this.#planes;
  }

  close(): void {
    const giveBack = this.#giveBack;
    this.#giveBack = undefined;
    giveBack?.();
  }
}

/** Buffers for held frames: a fixed number, used again and again. */
export class PlanePool {
  readonly #capacity: number;
  #free: Uint8Array<ArrayBuffer>[] = [];
  #out = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get inUse(): number {
    return this.#out;
  }

  /** Undefined pixels of an earlier frame are in it: all of it must be written. @throws PoolError */
  take(size: Size, colour: PictureColour): PooledFrame {
    if (this.#out >= this.#capacity) throw new PoolError('exhausted');
    const layout = layoutOf(size);
    const spare = this.#free.pop();
    // After a change of size buffers of the old one are let go, one by one.
    const bytes = spare?.byteLength === layout.sizeBytes ? spare : new Uint8Array(layout.sizeBytes);
    this.#out++;
    return new PooledFrame(bytes, { size, layout, colour }, () => {
      this.#out--;
      this.#free.push(bytes);
    });
  }

  close(): void {
    this.#free = [];
  }
}
