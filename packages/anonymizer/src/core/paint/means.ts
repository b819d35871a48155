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

/** Of a large cell so many samples along each side tell the mean to less than a level. */
const SAMPLES = 16;

/** Means of the cells of `part`; `shift` is 0 for luma, 1 for chroma. */
export function cellMeans(part: PlanePart, grid: CellGrid, shift: 0 | 1): CellMeans {
  const xs = grid.xs.map((x) => (x + shift) >> shift);
  const ys = grid.ys.map((y) => (y + shift) >> shift);
  const columns = xs.length - 1;
  const rows = ys.length - 1;
  const values = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const y = { from: ys[row] ?? 0, to: ys[row + 1] ?? 0 };
    for (let column = 0; column < columns; column++) {
      const x = { from: xs[column] ?? 0, to: xs[column + 1] ?? 0 };
      values[row * columns + column] = toLevel(meanOf(part, x, y), shift);
    }
  }
  return { xs, ys, values };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Mean of a cell's samples: of all of a small one, of every second, third, … of a larger one. */
function meanOf({ data, strideBytes }: PlanePart, x: Span, y: Span): number {
  const stepX = stepOver(x);
  const stepY = stepOver(y);
  let sum = 0;
  let count = 0;
  for (let row = y.from; row < y.to; row += stepY) {
    const start = row * strideBytes;
    const end = start + x.to;
    for (let at = start + x.from; at < end; at += stepX) {
      sum += data[at] ?? 0;
      count++;
    }
  }
  return sum / count;
}

function stepOver({ from, to }: Span): number {
  return Math.max(1, Math.floor((to - from) / SAMPLES));
}

/** Levels are legal in limited range too; those of chroma lie around 128, so that grey stays grey. */
function toLevel(mean: number, shift: 0 | 1): number {
  return shift === 0
    ? Math.min(235, Math.floor(mean / LUMA_STEP) * LUMA_STEP + LUMA_STEP / 2)
    : Math.min(240, Math.max(16, Math.round(mean / CHROMA_STEP) * CHROMA_STEP));
}
