import type { Box } from '@drape/anonymizer/core';

export interface GoldenCrops {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly cases: readonly {
    readonly box: Box;
    /** Row, column, red, green, blue of some pixels of the 64×64 crop. */
    readonly rowColumnRgb: readonly (readonly number[])[];
  }[];
}

/** The judge's crops as its training code made them: models/train/golden/crops.json. */
export function goldenCrops(text: string): GoldenCrops {
  const parsed = JSON.parse(text) as {
    width: number;
    height: number;
    cases: { box: [number, number, number, number]; rowColumnRgb: number[][] }[];
  };
  return {
    widthPx: parsed.width,
    heightPx: parsed.height,
    cases: parsed.cases.map(({ box: [x, y, w, h], rowColumnRgb }) => ({
      box: { x, y, w, h },
      rowColumnRgb,
    })),
  };
}
