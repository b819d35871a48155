import type { CellGrid } from './grid.ts';
import type { PlanePart } from './plane.ts';

/** Cell means of one plane, row by row, with the cell edges in that plane's samples. */
export interface CellMeans {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly values: Uint8Array;
}

/**
 * Means are rounded to 8 levels of luma and 15 of chroma (skin turns pink with fewer). It is all
 * that leaves of a cell: one frame tells 3 bits of its brightness, and the small differences
 * between frames, from which an average over time would rebuild detail while the subject moves
 * under the grid, mostly vanish.
 */
const LUMA_STEP = 32;
const CHROMA_STEP = 16;

/** Means of the cells of `part`; `shift` is 0 for luma, 1 for chroma. */
export function cellMeans(part: PlanePart, grid: CellGrid, shift: 0 | 1): CellMeans {
  const xs = grid.xs.map((x) => (x + shift) >> shift);
  const ys = grid.ys.map((y) => (y + shift) >> shift);
  const columns = xs.length - 1;
  const rows = ys.length - 1;
  const values = new Uint8Array(columns * rows);
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const from = ys[row] ?? 0;
    const to = ys[row + 1] ?? 0;
    sums.fill(0);
    for (let y = from; y < to; y++) addRow(part, y, xs, sums);
    for (let column = 0; column < columns; column++) {
      const count = ((xs[column + 1] ?? 0) - (xs[column] ?? 0)) * (to - from);
      values[row * columns + column] = toLevel((sums[column] ?? 0) / count, shift);
    }
  }
  return { xs, ys, values };
}

function addRow(part: PlanePart, y: number, xs: readonly number[], sums: Float64Array): void {
  const { data } = part;
  const start = y * part.strideBytes;
  for (let column = 0; column < sums.length; column++) {
    const to = start + (xs[column + 1] ?? 0);
    let sum = 0;
    for (let at = start + (xs[column] ?? 0); at < to; at++) sum += data[at] ?? 0;
    sums[column] = (sums[column] ?? 0) + sum;
  }
}

/** Levels are legal in limited range too; those of chroma lie around 128, so that grey stays grey. */
function toLevel(mean: number, shift: 0 | 1): number {
  return shift === 0
    ? Math.min(235, Math.floor(mean / LUMA_STEP) * LUMA_STEP + LUMA_STEP / 2)
    : Math.min(240, Math.max(16, Math.round(mean / CHROMA_STEP) * CHROMA_STEP));
}
