import type { ColourMatrix } from '@drape/anonymizer/core';

/** What the judge paints with. Nothing in an operating room has it, see `tolerance`. */
export const FILL = { r: 255, g: 0, b: 255 } as const;
export const FILL_NAME = '#ff00ff';

export interface Yuv {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** Weights of red and blue: ITU-R BT.601, BT.709, BT.2020. */
const WEIGHTS: Record<ColourMatrix, { readonly kr: number; readonly kb: number }> = {
  bt601: { kr: 0.299, kb: 0.114 },
  bt709: { kr: 0.2126, kb: 0.0722 },
  bt2020: { kr: 0.2627, kb: 0.0593 },
};

/** 8-bit Y'CbCr of an 8-bit R'G'B' colour. */
export function toYuv(
  rgb: { readonly r: number; readonly g: number; readonly b: number },
  space: { readonly matrix: ColourMatrix; readonly fullRange: boolean },
): Yuv {
  const { kr, kb } = WEIGHTS[space.matrix];
  const [r, g, b] = [rgb.r / 255, rgb.g / 255, rgb.b / 255];
  const luma = kr * r + (1 - kr - kb) * g + kb * b;
  const [lumaSpan, lumaFloor, chromaSpan] = space.fullRange ? [255, 0, 255] : [219, 16, 224];
  return {
    y: lumaFloor + lumaSpan * luma,
    u: 128 + (chromaSpan * (b - luma)) / (2 * (1 - kb)),
    v: 128 + (chromaSpan * (r - luma)) / (2 * (1 - kr)),
  };
}

/**
 * How far a pixel may be from the fill and still count as painted, in 8-bit steps. Chroma decides:
 * the fill is as far from grey as a colour can be (77 to 115 steps on both axes), what a lossy
 * codec at the default quality leaves of a painted area stays within `chroma` up to its edge (the
 * judge's tests measure it on x264), and a violet drape or lamp is 30 steps or more away. Luma is
 * there for the rim: chroma is stored for 2×2 pixels, luma for each.
 */
export const TOLERANCE = { luma: 36, chroma: 22 } as const;
