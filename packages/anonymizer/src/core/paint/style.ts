import type { ColourMatrix, I420Planes } from '../frame.ts';

/** A colour in display RGB, each channel 0..255. */
export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** How covered places look. Serialisable, so that it travels to workers and child processes. */
export type PaintStyle =
  | { readonly kind: 'solid'; readonly fill: Rgb }
  | { readonly kind: 'pixelate' }
  | { readonly kind: 'blur' };

/** One 8-bit sample triple in the colour space of the planes it was made for. */
export interface Yuv {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** Luma weights of red and blue: ITU-R BT.601-7, BT.709-6, BT.2020-2 (non-constant luminance). */
const WEIGHTS: Readonly<Record<ColourMatrix, { readonly kr: number; readonly kb: number }>> = {
  bt601: { kr: 0.299, kb: 0.114 },
  bt709: { kr: 0.2126, kb: 0.0722 },
  bt2020: { kr: 0.2627, kb: 0.0593 },
};

/** Converts a colour by the matrix and the range of the planes; channels are clamped to 0..255. */
export function rgbToYuv(colour: Rgb, space: Pick<I420Planes, 'matrix' | 'fullRange'>): Yuv {
  const { kr, kb } = WEIGHTS[space.matrix];
  const r = clampByte(colour.r) / 255;
  const g = clampByte(colour.g) / 255;
  const b = clampByte(colour.b) / 255;
  const luma = kr * r + (1 - kr - kb) * g + kb * b;
  const blue = (b - luma) / (2 * (1 - kb));
  const red = (r - luma) / (2 * (1 - kr));
  return space.fullRange
    ? { y: toByte(255 * luma), u: toByte(128 + 255 * blue), v: toByte(128 + 255 * red) }
    : { y: toByte(16 + 219 * luma), u: toByte(128 + 224 * blue), v: toByte(128 + 224 * red) };
}

function toByte(value: number): number {
  return clampByte(Math.round(value));
}

/** NaN becomes 0. */
function clampByte(value: number): number {
  return value > 0 ? Math.min(255, value) : 0;
}
