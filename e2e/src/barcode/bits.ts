/** A white and a black cell, then 24 bits of a number, then 8 bits of check. */
export const CELLS = 34;
/** Numbers are 0 … this. */
export const MAX_NUMBER = 0xffffff;

/** Cells of a number, true for white. */
export function bitsOf(number: number): readonly boolean[] {
  const check = ((number & 255) ^ ((number >> 8) & 255) ^ ((number >> 16) & 255) ^ 0x5a) & 255;
  const word = number.toString(2).padStart(24, '0') + check.toString(2).padStart(8, '0');
  return [true, false, ...Array.from(word, (bit) => bit === '1')];
}

/** Least difference of the luma of white and black cells, in 8-bit steps: less is codec noise. */
const LEAST_CONTRAST = 24;

/**
 * The number that the mean lumas of 34 cells say; undefined where they say none: too flat (it
 * is covered), or sync or check do not hold. The two sync cells give the threshold, so that a
 * change of range or a fade does not matter.
 */
export function numberOf(lumas: readonly number[]): number | undefined {
  const [white = 0, black = 0] = lumas;
  if (lumas.length !== CELLS || white - black < LEAST_CONTRAST) return undefined;
  const middle = (white + black) / 2;
  const bits = lumas.map((luma) => luma > middle);
  const number = bits.slice(2, 26).reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0);
  return bitsOf(number).every((bit, cell) => bit === bits[cell]) ? number : undefined;
}

/**
 * Whether somebody who knows the number and looks for it could read it: every white cell is
 * brighter than every black one, however little. Where anything else is painted over the cells,
 * 34 of them never agree by chance.
 */
export function isLegible(lumas: readonly number[], number: number): boolean {
  if (lumas.length !== CELLS) return false;
  const bits = bitsOf(number);
  const white = lumas.filter((_, cell) => bits[cell]);
  const black = lumas.filter((_, cell) => !bits[cell]);
  return Math.min(...white) > Math.max(...black);
}
