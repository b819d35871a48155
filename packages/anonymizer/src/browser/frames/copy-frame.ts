import type { ColourMatrix, RotationDeg, Size } from '../../core/index.ts';
import { RGBA_COLOUR, rgbaToI420 } from './convert-rgba.ts';
import type { PictureColour, PlanePool, PooledFrame } from './plane-pool.ts';
import { splitNv12 } from './split-nv12.ts';

/** Memory for formats that are not copied straight into planes; one picture at a time. */
export class FrameCopier {
  readonly #pool: PlanePool;
  #scratch = new Uint8Array(0);

  constructor(pool: PlanePool) {
    this.#pool = pool;
  }

  /**
   * Copies the visible part of a frame into the pool, whatever its format. The frame stays the
   * caller's, to be closed at once. @throws PoolError where the pool has no buffer left
   */
  async copy(frame: VideoFrame): Promise<PooledFrame> {
    const size = sizeOf(frame);
    const isEven = (frame.visibleRect?.x ?? 0) % 2 === 0 && (frame.visibleRect?.y ?? 0) % 2 === 0;
    if (frame.format === 'I420' && isEven) return this.#copyI420(frame, size);
    if (frame.format === 'NV12' && isEven) return this.#copyNv12(frame, size);
    return this.#copyAny(frame, size);
  }

  async #copyI420(frame: VideoFrame, size: Size): Promise<PooledFrame> {
    const pooled = this.#pool.take(size, colourOf(frame, size));
    return filled(pooled, async () => {
      await frame.copyTo(pooled.bytes, { layout: [...pooled.layout.planes] });
    });
  }

  async #copyNv12(frame: VideoFrame, size: Size): Promise<PooledFrame> {
    const luma = { offset: 0, stride: size.widthPx };
    const chroma = { offset: size.widthPx * size.heightPx, stride: 2 * ((size.widthPx + 1) >> 1) };
    const bytes = this.#atLeast(chroma.offset + chroma.stride * ((size.heightPx + 1) >> 1));
    const pooled = this.#pool.take(size, colourOf(frame, size));
    return filled(pooled, async () => {
      await frame.copyTo(bytes, { layout: [luma, chroma] });
      splitNv12({ bytes, luma, chroma }, pooled.write());
    });
  }

  /** Screens and canvases come as RGB; the browser converts what is rarer still. */
  async #copyAny(frame: VideoFrame, size: Size): Promise<PooledFrame> {
    const sizeBytes = 4 * size.widthPx * size.heightPx;
    const bytes = this.#atLeast(sizeBytes);
    const pooled = this.#pool.take(size, RGBA_COLOUR);
    return filled(pooled, async () => {
      const layout = [{ offset: 0, stride: 4 * size.widthPx }];
      await frame.copyTo(bytes, { format: 'RGBA', colorSpace: 'srgb', layout });
      rgbaToI420(bytes.subarray(0, sizeBytes), pooled.write());
    });
  }

  #atLeast(sizeBytes: number): Uint8Array<ArrayBuffer> {
    if (this.#scratch.length < sizeBytes) this.#scratch = new Uint8Array(sizeBytes);
    return this.#scratch;
  }
}

/** Gives the buffer back where filling it fails: what it holds is another frame's. */
async function filled(pooled: PooledFrame, fill: () => Promise<void>): Promise<PooledFrame> {
  try {
    await fill();
    return pooled;
  } catch (error) {
    pooled.close();
    throw error;
  }
}

export function sizeOf(frame: VideoFrame): Size {
  const { visibleRect, codedWidth, codedHeight } = frame;
  return {
    widthPx: Math.round(visibleRect?.width ?? codedWidth),
    heightPx: Math.round(visibleRect?.height ?? codedHeight),
  };
}

/** Clockwise turn that the frame is to be shown with; browsers that know none give upright ones. */
export function rotationOf(frame: VideoFrame): RotationDeg {
  const rotation: unknown = (frame as { rotation?: unknown }).rotation;
  return rotation === 90 || rotation === 180 || rotation === 270 ? rotation : 0;
}

const MATRICES: Readonly<Record<string, ColourMatrix>> = {
  bt709: 'bt709',
  smpte170m: 'bt601',
  bt470bg: 'bt601',
  'bt2020-ncl': 'bt2020',
};

function colourOf({ colorSpace }: VideoFrame, { heightPx }: Size): PictureColour {
  // Untagged video is BT.709 from 720 lines on, by custom.
  const usual = heightPx >= 720 ? 'bt709' : 'bt601';
  return {
    matrix: MATRICES[colorSpace.matrix ?? ''] ?? usual,
    fullRange: colorSpace.fullRange ?? false,
    space: colorSpace.matrix === null ? undefined : colorSpace.toJSON(),
  };
}
