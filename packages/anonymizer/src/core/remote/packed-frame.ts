import type { I420Planes, RotationDeg } from '../frame.ts';
import type { PackedFrame } from './protocol.ts';

/** Planes start at multiples of this, so that they can be read in words. */
const ALIGNMENT_BYTES = 64;

/** Copies planes into one buffer that can be handed to a thread. `reuse` gives or makes it. */
export function packFrame(
  planes: I420Planes,
  rotationDeg: RotationDeg,
  reuse: (sizeBytes: number) => ArrayBuffer,
): PackedFrame {
  const { widthPx, heightPx } = planes;
  const chromaWidth = (widthPx + 1) >> 1;
  const chromaHeight = (heightPx + 1) >> 1;
  const strideY = wordsUp(widthPx, 4);
  const strideC = wordsUp(chromaWidth, 4);
  const offsetU = wordsUp(strideY * heightPx, ALIGNMENT_BYTES);
  const offsetV = offsetU + wordsUp(strideC * chromaHeight, ALIGNMENT_BYTES);
  const sizeBytes = offsetV + strideC * chromaHeight;
  const buffer = reuse(sizeBytes);
  const bytes = new Uint8Array(buffer);
  const { y, u, v, strideY: fromY, strideU: fromU, strideV: fromV } = planes;
  copyPlane(y, fromY, { bytes, at: 0, stride: strideY, width: widthPx, height: heightPx });
  const chroma = { bytes, stride: strideC, width: chromaWidth, height: chromaHeight };
  copyPlane(u, fromU, { ...chroma, at: offsetU });
  copyPlane(v, fromV, { ...chroma, at: offsetV });
  return {
    buffer,
    widthPx,
    heightPx,
    strideY,
    strideU: strideC,
    strideV: strideC,
    offsetY: 0,
    offsetU,
    offsetV,
    fullRange: planes.fullRange,
    matrix: planes.matrix,
    rotationDeg,
  };
}

export function unpackFrame(frame: PackedFrame): I420Planes {
  const chromaHeight = (frame.heightPx + 1) >> 1;
  const { buffer, strideY, strideU, strideV } = frame;
  return {
    widthPx: frame.widthPx,
    heightPx: frame.heightPx,
    y: new Uint8Array(buffer, frame.offsetY, strideY * frame.heightPx),
    u: new Uint8Array(buffer, frame.offsetU, strideU * chromaHeight),
    v: new Uint8Array(buffer, frame.offsetV, strideV * chromaHeight),
    strideY,
    strideU,
    strideV,
    fullRange: frame.fullRange,
    matrix: frame.matrix,
  };
}

interface Place {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

function copyPlane(from: Uint8Array, fromStride: number, to: Place): void {
  const { bytes, at, stride, width, height } = to;
  if (fromStride === stride) {
    bytes.set(from.subarray(0, (height - 1) * stride + width), at);
    return;
  }
  for (let row = 0; row < height; row++) {
    bytes.set(from.subarray(row * fromStride, row * fromStride + width), at + row * stride);
  }
}

function wordsUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
