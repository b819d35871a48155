import type { Box, I420Planes, Size } from '@drape/anonymizer/core';
import type { Yuv } from './fill.ts';
import { FILL, TOLERANCE, toYuv } from './fill.ts';

/** One byte a pixel: 1 where the output shows the fill. Rows without padding. */
export interface PaintMask extends Size {
  readonly bits: Uint8Array;
}

/** 8-bit RGB, three bytes a pixel, rows without padding. */
export interface RgbPicture extends Size {
  readonly rgb: Uint8Array;
}

/**
 * Lookups of the 256 values of each component: bit `n` is set where the value is within the
 * tolerance of fill `n`. A pixel shows a fill when its three lookups have a bit in common.
 */
function lookups(fills: readonly Yuv[]): Record<keyof Yuv, Uint8Array> {
  const near = (part: keyof Yuv, tolerance: number): Uint8Array =>
    Uint8Array.from({ length: 256 }, (_, value) =>
      fills.reduce(
        (bits, fill, at) => bits | (Math.abs(value - fill[part]) <= tolerance ? 1 << at : 0),
        0,
      ),
    );
  return {
    y: near('y', TOLERANCE.luma),
    u: near('u', TOLERANCE.chroma),
    v: near('v', TOLERANCE.chroma),
  };
}

/**
 * Which pixels of decoded planes show the fill. Where nothing says which matrix the picture was
 * made with (`matrixGuessed`), the fill of BT.601 and that of BT.709 both count.
 */
export function maskOfPlanes(
  planes: I420Planes,
  options: { readonly matrixGuessed?: boolean } = {},
): PaintMask {
  const { widthPx, heightPx, fullRange } = planes;
  const matrices = options.matrixGuessed ? (['bt601', 'bt709'] as const) : [planes.matrix];
  const is = lookups(matrices.map((matrix) => toYuv(FILL, { matrix, fullRange })));
  const bits = new Uint8Array(widthPx * heightPx);
  for (let row = 0; row < heightPx; row++) {
    const lumaAt = row * planes.strideY;
    const uAt = (row >> 1) * planes.strideU;
    const vAt = (row >> 1) * planes.strideV;
    const to = row * widthPx;
    for (let x = 0; x < widthPx; x++) {
      const half = x >> 1;
      const common =
        (is.u[planes.u[uAt + half] ?? 0] ?? 0) &
        (is.v[planes.v[vAt + half] ?? 0] ?? 0) &
        (is.y[planes.y[lumaAt + x] ?? 0] ?? 0);
      bits[to + x] = common === 0 ? 0 : 1;
    }
  }
  return { widthPx, heightPx, bits };
}

/** Which pixels of a decoded still show the fill, with the same measure as for video. */
export function maskOfRgb(picture: RgbPicture): PaintMask {
  const { widthPx, heightPx, rgb } = picture;
  const bits = new Uint8Array(widthPx * heightPx);
  const space = { matrix: 'bt601', fullRange: true } as const;
  const fill = toYuv(FILL, space);
  for (let at = 0; at < bits.length; at++) {
    const colour = toYuv(
      { r: rgb[3 * at] ?? 0, g: rgb[3 * at + 1] ?? 0, b: rgb[3 * at + 2] ?? 0 },
      space,
    );
    bits[at] =
      Math.abs(colour.u - fill.u) <= TOLERANCE.chroma &&
      Math.abs(colour.v - fill.v) <= TOLERANCE.chroma &&
      Math.abs(colour.y - fill.y) <= TOLERANCE.luma
        ? 1
        : 0;
  }
  return { widthPx, heightPx, bits };
}

/** Whole pixels that a box touches by half or more, inside the picture. */
function pixelRect(box: Box, size: Size): { x0: number; y0: number; x1: number; y1: number } {
  const clamp = (value: number, max: number): number =>
    Math.min(max, Math.max(0, Math.round(value)));
  return {
    x0: clamp(box.x, size.widthPx),
    y0: clamp(box.y, size.heightPx),
    x1: clamp(box.x + box.w, size.widthPx),
    y1: clamp(box.y + box.h, size.heightPx),
  };
}

/** Share of a box's pixels that show the fill, 0..1; undefined for a box outside the picture. */
export function paintedShareOf(mask: PaintMask, box: Box): number | undefined {
  const { x0, y0, x1, y1 } = pixelRect(box, mask);
  const area = Math.max(0, x1 - x0) * Math.max(0, y1 - y0);
  if (area === 0) return undefined;
  let painted = 0;
  for (let y = y0; y < y1; y++) {
    const row = y * mask.widthPx;
    for (let x = x0; x < x1; x++) painted += mask.bits[row + x] ?? 0;
  }
  return painted / area;
}

/** How many pixels show the fill. */
export function paintedPixels(mask: PaintMask): number {
  let painted = 0;
  for (const bit of mask.bits) painted += bit;
  return painted;
}

/** Area of the union of boxes inside the picture, in pixels. */
export function unionPixels(boxes: readonly Box[], size: Size): number {
  const bits = new Uint8Array(size.widthPx * size.heightPx);
  for (const box of boxes) {
    const { x0, y0, x1, y1 } = pixelRect(box, size);
    for (let y = y0; y < y1; y++) bits.fill(1, y * size.widthPx + x0, y * size.widthPx + x1);
  }
  return paintedPixels({ ...size, bits });
}
