import type { I420Planes } from '@drape/anonymizer/core';

/**
 * Full-range BT.601 between packed RGB (3 bytes a pixel, rows without gaps) and I420, as JPEG
 * defines it (ITU-T T.871, 7). Weights are 16.16 fixed point.
 */
const ONE = 65536;
const HALF = ONE / 2;
const KR = Math.round(0.299 * ONE);
const KG = Math.round(0.587 * ONE);
const KB = ONE - KR - KG;
const CB_SCALE = 0.5 / (1 - 0.114);
const CR_SCALE = 0.5 / (1 - 0.299);
const R_OF_CR = Math.round(1.402 * ONE);
const B_OF_CB = Math.round(1.772 * ONE);
const G_OF_CB = Math.round(0.344136 * ONE);
const G_OF_CR = Math.round(0.714136 * ONE);

/** Writes `rgb` into `planes`; chroma is the mean of each 2×2 square. */
export function rgbToI420(rgb: Uint8Array, planes: I420Planes): void {
  const { widthPx, heightPx, y, strideY } = planes;
  for (let row = 0; row < heightPx; row += 1) {
    let at = row * widthPx * 3;
    const line = row * strideY;
    for (let x = 0; x < widthPx; x += 1, at += 3) {
      const sum = KR * byte(rgb, at) + KG * byte(rgb, at + 1) + KB * byte(rgb, at + 2);
      y[line + x] = (sum + HALF) >> 16;
    }
  }
  for (let row = 0; row < heightPx; row += 2) chromaRow(rgb, planes, row);
}

function chromaRow(rgb: Uint8Array, planes: I420Planes, row: number): void {
  const { widthPx, heightPx, u, v, strideU, strideV } = planes;
  const below = row + 1 < heightPx ? widthPx * 3 : 0;
  for (let x = 0; x < widthPx; x += 2) {
    const beside = x + 1 < widthPx ? 3 : 0;
    const a = (row * widthPx + x) * 3;
    const corners = [a, a + beside, a + below, a + below + beside] as const;
    const r = mean(rgb, corners, 0);
    const g = mean(rgb, corners, 1);
    const b = mean(rgb, corners, 2);
    const luma = 0.299 * r + 0.587 * g + 0.114 * b;
    u[(row >> 1) * strideU + (x >> 1)] = clamp(Math.round(128 + (b - luma) * CB_SCALE));
    v[(row >> 1) * strideV + (x >> 1)] = clamp(Math.round(128 + (r - luma) * CR_SCALE));
  }
}

function mean(
  rgb: Uint8Array,
  [a, b, c, d]: readonly [number, number, number, number],
  channel: number,
): number {
  return (
    (byte(rgb, a + channel) +
      byte(rgb, b + channel) +
      byte(rgb, c + channel) +
      byte(rgb, d + channel)) /
    4
  );
}

/** Packed RGB of `planes`. */
export function i420ToRgb(planes: I420Planes): Uint8Array {
  const { widthPx, heightPx, y, u, v, strideY, strideU, strideV } = planes;
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  let at = 0;
  for (let row = 0; row < heightPx; row += 1) {
    const line = row * strideY;
    const lineU = (row >> 1) * strideU;
    const lineV = (row >> 1) * strideV;
    for (let x = 0; x < widthPx; x += 1, at += 3) {
      const luma = byte(y, line + x) * ONE + HALF;
      const cb = byte(u, lineU + (x >> 1)) - 128;
      const cr = byte(v, lineV + (x >> 1)) - 128;
      rgb[at] = clamp((luma + R_OF_CR * cr) >> 16);
      rgb[at + 1] = clamp((luma - G_OF_CB * cb - G_OF_CR * cr) >> 16);
      rgb[at + 2] = clamp((luma + B_OF_CB * cb) >> 16);
    }
  }
  return rgb;
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
