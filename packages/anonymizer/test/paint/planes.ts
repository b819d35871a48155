import type { DetectionClass, I420Planes, PlanRegion } from '@drape/anonymizer/core';

export interface PlaneOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Extra bytes at the end of every row. */
  readonly paddingBytes?: number;
  readonly fullRange?: boolean;
  readonly seed?: number;
}

/** Planes of repeatable noise, padding included. */
export function noisePlanes(options: PlaneOptions): I420Planes {
  const { widthPx, heightPx, paddingBytes = 0, fullRange = false } = options;
  const strideY = widthPx + paddingBytes;
  const strideC = ((widthPx + 1) >> 1) + paddingBytes;
  const rowsC = (heightPx + 1) >> 1;
  const noise = noiseSource(options.seed ?? 1);
  return {
    widthPx,
    heightPx,
    y: noise(strideY * heightPx),
    u: noise(strideC * rowsC),
    v: noise(strideC * rowsC),
    strideY,
    strideU: strideC,
    strideV: strideC,
    fullRange,
    matrix: 'bt709',
  };
}

export function copyPlanes(planes: I420Planes): I420Planes {
  return { ...planes, y: planes.y.slice(), u: planes.u.slice(), v: planes.v.slice() };
}

export function regionAt(
  box: readonly [x: number, y: number, w: number, h: number],
  cls: DetectionClass | 'region' = 'face',
): PlanRegion {
  const [x, y, w, h] = box;
  return { box: { x, y, w, h }, cls, cause: 'seen', trackId: 1 };
}

function noiseSource(seed: number): (length: number) => Uint8Array {
  let state = seed >>> 0 || 1;
  return (length) => {
    const out = new Uint8Array(length);
    for (let at = 0; at < length; at++) {
      // xorshift32, Marsaglia 2003.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      out[at] = state >>> 24;
    }
    return out;
  };
}
