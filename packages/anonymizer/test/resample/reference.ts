import type { Box, I420Planes, RotationDeg, Size } from '@drape/anonymizer/core';

/** Slow and plain: what resample.ts must compute, in floating point and one pixel at a time. */

interface Plane {
  readonly data: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** Area average where the interval is longer than a sample, linear interpolation elsewhere. */
function axisWeights(begin: number, end: number, length: number): Map<number, number> {
  const weights = new Map<number, number>();
  const add = (index: number, weight: number): void => {
    const at = Math.min(length - 1, Math.max(0, index));
    if (weight > 0) weights.set(at, (weights.get(at) ?? 0) + weight);
  };
  const step = end - begin;
  if (step > 1) {
    const a = Math.min(length - 1, Math.max(0, begin));
    const b = Math.max(a, Math.min(length, end));
    if (b === a) add(Math.floor(a), 1);
    for (let i = Math.floor(a); i < b; i++) {
      add(i, (Math.min(b, i + 1) - Math.max(a, i)) / (b - a));
    }
    return weights;
  }
  const position = (begin + end) / 2 - 0.5;
  const left = Math.floor(position);
  add(left, 1 - (position - left));
  add(left + 1, position - left);
  return weights;
}

function sample(plane: Plane, region: Box, cell: { x: number; y: number; size: Size }): number {
  const { x, y, size } = cell;
  const stepX = region.w / size.widthPx;
  const stepY = region.h / size.heightPx;
  const across = axisWeights(region.x + x * stepX, region.x + (x + 1) * stepX, plane.width);
  const down = axisWeights(region.y + y * stepY, region.y + (y + 1) * stepY, plane.height);
  let sum = 0;
  for (const [row, wy] of down) {
    for (const [column, wx] of across) {
      sum += wx * wy * (plane.data[row * plane.stride + column] ?? NaN);
    }
  }
  return sum;
}

const SHARES = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
} as const;

/** Red, green, blue of one output pixel; `undefined` outside of the picture. */
export function referencePixel(
  planes: I420Planes,
  region: Box,
  cell: { x: number; y: number; size: Size },
): [number, number, number] | undefined {
  const { x, y, size } = cell;
  const centreX = region.x + ((x + 0.5) * region.w) / size.widthPx;
  const centreY = region.y + ((y + 0.5) * region.h) / size.heightPx;
  if (centreX < 0 || centreX >= planes.widthPx) return undefined;
  if (centreY < 0 || centreY >= planes.heightPx) return undefined;
  const luma = {
    data: planes.y,
    stride: planes.strideY,
    width: planes.widthPx,
    height: planes.heightPx,
  };
  const half = { width: (planes.widthPx + 1) >> 1, height: (planes.heightPx + 1) >> 1 };
  // Chroma is scaled to half of the output's size.
  const pairs = { widthPx: (size.widthPx + 1) >> 1, heightPx: (size.heightPx + 1) >> 1 };
  const chromaRegion = {
    x: region.x / 2,
    y: region.y / 2,
    w: (region.w * pairs.widthPx) / size.widthPx,
    h: (region.h * pairs.heightPx) / size.heightPx,
  };
  const pair = { x: x >> 1, y: y >> 1, size: pairs };
  const cb = sample({ data: planes.u, stride: planes.strideU, ...half }, chromaRegion, pair) - 128;
  const cr = sample({ data: planes.v, stride: planes.strideV, ...half }, chromaRegion, pair) - 128;
  const grey = sample(luma, region, cell);
  const [red, blue] = SHARES[planes.matrix];
  const y1 = planes.fullRange ? grey : ((grey - 16) * 255) / 219;
  const c = planes.fullRange ? 1 : 255 / 224;
  const r = y1 + c * 2 * (1 - red) * cr;
  const b = y1 + c * 2 * (1 - blue) * cb;
  const g = (y1 - red * r - blue * b) / (1 - red - blue);
  const clamp = (value: number): number => Math.min(255, Math.max(0, value));
  return [clamp(r), clamp(g), clamp(b)];
}

/** Where a pixel of the coded picture lands when the picture is turned upright. */
export function turnPixel(
  at: { x: number; y: number },
  coded: Size,
  rotationDeg: RotationDeg,
): { x: number; y: number } {
  switch (rotationDeg) {
    case 0:
      return at;
    case 90:
      return { x: coded.heightPx - 1 - at.y, y: at.x };
    case 180:
      return { x: coded.widthPx - 1 - at.x, y: coded.heightPx - 1 - at.y };
    case 270:
      return { x: at.y, y: coded.widthPx - 1 - at.x };
  }
}
