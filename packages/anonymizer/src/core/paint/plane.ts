import type { I420Planes } from '../frame.ts';
import type { PixelRect } from './rect.ts';

/** A rectangle of one plane, in that plane's own samples. */
export interface PlanePart {
  readonly data: Uint8Array;
  readonly strideBytes: number;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export function lumaPart(planes: I420Planes, rect: PixelRect): PlanePart {
  return { data: planes.y, strideBytes: planes.strideY, ...rect };
}

/** The chroma samples of the rectangle; its right and bottom edge may be odd only at the picture's. */
export function chromaPart(planes: I420Planes, which: 'u' | 'v', rect: PixelRect): PlanePart {
  return {
    data: planes[which],
    strideBytes: which === 'u' ? planes.strideU : planes.strideV,
    x0: rect.x0 >> 1,
    y0: rect.y0 >> 1,
    x1: (rect.x1 + 1) >> 1,
    y1: (rect.y1 + 1) >> 1,
  };
}

export function fillPart(part: PlanePart, value: number): void {
  const { data, strideBytes, x0, x1 } = part;
  for (let y = part.y0; y < part.y1; y++) {
    data.fill(value, y * strideBytes + x0, y * strideBytes + x1);
  }
}
