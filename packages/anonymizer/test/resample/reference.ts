import type { Box, I420Planes, RotationDeg, Size } from '@drape/anonymizer/core';

/** Slow and plain: what resample.ts must compute, in floating point and one pixel at a time. */

interface Plane {
  readonly data: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
  /** Value of what lies outside; the nearest sample is repeated where it is undefined. */
  readonly black: number | undefined;
}

type Outside = 'repeat' | 'black';

/** Area average where the interval is longer than a sample, linear interpolation elsewhere. */
function axisWeights(
  [begin, end]: [number, number],
  length: number,
  outside: Outside,
): Map<number, number> {
  const weights = new Map<number, number>();
  const add = (index: number, weight: number): void => {
    if (outside === 'black' && (index < 0 || index >= length)) return;
    const at = Math.min(length - 1, Math.max(0, index));
    if (weight > 0) weights.set(at, (weights.get(at) ?? 0) + weight);
  };
  const step = end - begin;
  if (step > 1) {
    for (let i = Math.floor(begin); i < end; i++) {
      add(i, (Math.min(end, i + 1) - Math.max(begin, i)) / step);
    }
    if (outside === 'black') return weights;
    // Repeating the edge would give it more weight than its own area: only what is inside counts.
    const inside = [...weights.keys()].filter((i) => i + 1 > begin && i < end);
    if (inside.length === 0) return weights;
    const shares = inside.map((i) => Math.min(end, i + 1) - Math.max(begin, i));
    const sum = shares.reduce((total, share) => total + share, 0);
    return new Map(inside.map((i, at) => [i, (shares[at] ?? 0) / sum]));
  }
  const position = (begin + end) / 2 - 0.5;
  const left = Math.floor(position);
  add(left, 1 - (position - left));
  add(left + 1, position - left);
  return weights;
}

function sample(
  plane: Plane,
  region: Box,
  cell: { x: number; y: number; size: Size },
): { value: number; shown: number } {
  const { x, y, size } = cell;
  const stepX = region.w / size.widthPx;
  const stepY = region.h / size.heightPx;
  const outside = plane.black === undefined ? 'repeat' : 'black';
  const left = region.x + x * stepX;
  const top = region.y + y * stepY;
  const across = axisWeights([left, left + stepX], plane.width, outside);
  const down = axisWeights([top, top + stepY], plane.height, outside);
  const share = (weights: Map<number, number>): number =>
    [...weights.values()].reduce((total, one) => total + one, 0);
  let sum = 0;
  let weight = 0;
  for (const [row, wy] of down) {
    for (const [column, wx] of across) {
      sum += wx * wy * (plane.data[row * plane.stride + column] ?? NaN);
      weight += wx * wy;
    }
  }
  const value = sum + (1 - weight) * (plane.black ?? 0);
  return { value, shown: Math.min(share(across), share(down)) };
}

const SHARES = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
} as const;

/** Red, green, blue of one output pixel. */
export function referencePixel(
  planes: I420Planes,
  region: Box,
  cell: { x: number; y: number; size: Size; outside: Outside },
): [number, number, number] {
  const { x, y, size, outside } = cell;
  const black = (value: number) => (outside === 'black' ? value : undefined);
  const luma = {
    data: planes.y,
    stride: planes.strideY,
    width: planes.widthPx,
    height: planes.heightPx,
    black: black(planes.fullRange ? 0 : 16),
  };
  const half = {
    width: (planes.widthPx + 1) >> 1,
    height: (planes.heightPx + 1) >> 1,
    black: black(128),
  };
  // Chroma is scaled to half of the output's size.
  const pairs = { widthPx: (size.widthPx + 1) >> 1, heightPx: (size.heightPx + 1) >> 1 };
  const chromaRegion = {
    x: region.x / 2,
    y: region.y / 2,
    w: (region.w * pairs.widthPx) / size.widthPx,
    h: (region.h * pairs.heightPx) / size.heightPx,
  };
  const pair = { x: x >> 1, y: y >> 1, size: pairs };
  const cb =
    sample({ data: planes.u, stride: planes.strideU, ...half }, chromaRegion, pair).value - 128;
  const cr =
    sample({ data: planes.v, stride: planes.strideV, ...half }, chromaRegion, pair).value - 128;
  const { value: grey, shown } = sample(luma, region, cell);
  // A pixel that shows nothing of the picture (in steps of 1/256) is black, whatever its chroma.
  if (shown < 1 / 512) return [0, 0, 0];
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
