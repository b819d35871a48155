import type { ColourMatrix } from './frame.ts';

/** Fixed-point weights (×2^14) of YUV → RGB. */
export interface RgbWeights {
  readonly yOffset: number;
  readonly y: number;
  readonly redV: number;
  readonly greenU: number;
  readonly greenV: number;
  readonly blueU: number;
}

/** Share of red and blue in luma: ITU-R BT.601-7 2.5.1, BT.709-6 3.2, BT.2020-2 table 4. */
const LUMA_SHARES = {
  bt601: { red: 0.299, blue: 0.114 },
  bt709: { red: 0.2126, blue: 0.0722 },
  bt2020: { red: 0.2627, blue: 0.0593 },
} as const satisfies Record<ColourMatrix, { red: number; blue: number }>;

export function rgbWeights(matrix: ColourMatrix, fullRange: boolean): RgbWeights {
  const { red, blue } = LUMA_SHARES[matrix];
  const green = 1 - red - blue;
  const fixed = (weight: number): number => Math.round(weight * 16384);
  const luma = fullRange ? 1 : 255 / 219;
  const chroma = fullRange ? 1 : 255 / 224;
  return {
    yOffset: fullRange ? 0 : 16 * 16,
    y: fixed(luma),
    redV: fixed(chroma * 2 * (1 - red)),
    greenU: fixed((-chroma * 2 * (1 - blue) * blue) / green),
    greenV: fixed((-chroma * 2 * (1 - red) * red) / green),
    blueU: fixed(chroma * 2 * (1 - blue)),
  };
}

/** One row of samples, each 16 × its byte value; sample x has the chroma sample x >> 1. */
export interface YuvRow {
  readonly y: Int32Array;
  readonly u: Int32Array;
  readonly v: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** Where a row goes: sample x lands at `start + x * step` of each of three planes. */
export interface RgbTarget {
  readonly out: Uint8ClampedArray;
  readonly planeSize: number;
  readonly start: number;
  readonly step: number;
}

export function writeRgbRow(row: YuvRow, weights: RgbWeights, target: RgbTarget): void {
  const { y, u, v, from, to } = row;
  const { planeSize, step, start } = target;
  // Three views of one output: a plane's own view needs no addition in the inner loop.
  const reds = target.out.subarray(0, planeSize);
  const greens = target.out.subarray(planeSize, 2 * planeSize);
  const blues = target.out.subarray(2 * planeSize, 3 * planeSize);
  const { yOffset, y: wy, redV, greenU, greenV, blueU } = weights;
  const half = (1 << 17) - Math.imul(yOffset, wy);
  let at = start + from * step;
  for (let x = from; x < to; x++) {
    const cb = (u[x >> 1] as number) - 2048;
    const cr = (v[x >> 1] as number) - 2048;
    const luma = Math.imul(y[x] as number, wy) + half;
    reds[at] = (luma + Math.imul(cr, redV)) >> 18;
    greens[at] = (luma + Math.imul(cb, greenU) + Math.imul(cr, greenV)) >> 18;
    blues[at] = (luma + Math.imul(cb, blueU)) >> 18;
    at += step;
  }
}
