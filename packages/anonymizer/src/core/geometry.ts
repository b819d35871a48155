/**
 * Boxes are in pixels of the coded picture (before display rotation): `x`, `y` is the top left
 * corner, all four may be fractional, `w` and `h` are positive.
 */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

export function boxArea(box: Box): number {
  return Math.max(0, box.w) * Math.max(0, box.h);
}

/** In pixels. */
export function sizeArea({ widthPx, heightPx }: Size): number {
  return widthPx * heightPx;
}

/** Area of the overlap of two boxes, in pixels². */
export function overlapArea(a: Box, b: Box): number {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return w > 0 && h > 0 ? w * h : 0;
}

/** Intersection over union, 0..1. */
export function iou(a: Box, b: Box): number {
  const shared = overlapArea(a, b);
  const all = boxArea(a) + boxArea(b) - shared;
  return all > 0 ? shared / all : 0;
}

/** Share of `inner` that lies inside `outer`, 0..1. */
export function coveredShare(inner: Box, outer: Box): number {
  const area = boxArea(inner);
  return area > 0 ? overlapArea(inner, outer) / area : 0;
}

/** Smallest box around both. */
export function unionBox(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    w: Math.max(a.x + a.w, b.x + b.w) - x,
    h: Math.max(a.y + a.h, b.y + b.h) - y,
  };
}

/** Grows a box by `share` of its own width and height on every side (0.3 = 30 % per side). */
export function growBox(box: Box, share: number): Box {
  return growBoxBy(box, box.w * share, box.h * share);
}

/** Grows a box by fixed pixels on every side. */
export function growBoxBy(box: Box, xPx: number, yPx: number): Box {
  return { x: box.x - xPx, y: box.y - yPx, w: box.w + 2 * xPx, h: box.h + 2 * yPx };
}

/** The part of a box inside the picture, or undefined where there is none. */
export function clipBox(box: Box, size: Size): Box | undefined {
  const x = Math.max(0, box.x);
  const y = Math.max(0, box.y);
  const w = Math.min(size.widthPx, box.x + box.w) - x;
  const h = Math.min(size.heightPx, box.y + box.h) - y;
  return w > 0 && h > 0 ? { x, y, w, h } : undefined;
}

/** Linear interpolation, `at` 0 gives `a`, 1 gives `b`. */
export function lerpBox(a: Box, b: Box, at: number): Box {
  const mix = (from: number, to: number): number => from + (to - from) * at;
  return { x: mix(a.x, b.x), y: mix(a.y, b.y), w: mix(a.w, b.w), h: mix(a.h, b.h) };
}

export function isFiniteBox(box: Box): boolean {
  return [box.x, box.y, box.w, box.h].every(Number.isFinite) && box.w > 0 && box.h > 0;
}
