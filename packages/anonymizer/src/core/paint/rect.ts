import { isFiniteBox } from '../geometry.ts';
import type { Box, Size } from '../geometry.ts';

/** Whole pixels from (x0, y0) up to but without (x1, y1); x0 and y0 are even. */
export interface PixelRect {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * The pixels to paint for a box: every pixel that it touches, grown outward to even coordinates
 * (a chroma sample belongs to 2×2 pixels, and none that a covered pixel shares may survive), cut
 * to the picture. `outside` where it touches none; `unreadable` where the box is no box: the
 * caller then covers everything, because what should have been covered is unknown.
 */
export function rectOf(box: Box, size: Size): PixelRect | 'outside' | 'unreadable' {
  if (!isFiniteBox(box)) return 'unreadable';
  const x0 = evenDown(Math.max(0, box.x));
  const y0 = evenDown(Math.max(0, box.y));
  const x1 = Math.min(size.widthPx, evenUp(box.x + box.w));
  const y1 = Math.min(size.heightPx, evenUp(box.y + box.h));
  return x1 > x0 && y1 > y0 ? { x0, y0, x1, y1 } : 'outside';
}

export function wholeRect(size: Size): PixelRect {
  return { x0: 0, y0: 0, x1: size.widthPx, y1: size.heightPx };
}

function evenDown(value: number): number {
  return 2 * Math.floor(value / 2);
}

function evenUp(value: number): number {
  return 2 * Math.ceil(value / 2);
}
