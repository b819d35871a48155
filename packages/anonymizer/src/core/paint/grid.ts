import type { PixelRect } from './rect.ts';

/**
 * Where the cells of one region begin and end: `xs[i]`..`xs[i + 1]` in luma pixels, the first
 * and the last entry are the region's edges. Inner edges are even.
 */
export interface CellGrid {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** No face, however large, shows more cells than this across its longer side. */
export const MOST_CELLS = 8;

/** Below this a cell hides nothing: a 10 px face cut into 8 cells would be the face itself. */
const SMALLEST_CELL_PX = 8;

/**
 * Cuts a region into cells, at most MOST_CELLS along its longer side.
 *
 * The grid lies still in the picture, and cell sizes come from a short ladder (8, 12, 16, 24, 32,
 * 48, …). A detector's box trembles by some pixels from frame to frame; a grid that trembled with
 * it would sample a resting face at new places each time, and the average over many frames would
 * be sharper than any of them. Two regions on the same face share their cells for the same reason.
 * A grid line nearer than half a cell to the region's edge is left out, so that no cell is a thin
 * sliver whose mean is nearly a pixel's.
 */
export function gridOf(rect: PixelRect): CellGrid {
  const longerPx = Math.max(rect.x1 - rect.x0, rect.y1 - rect.y0);
  // A side of 7 cells can touch at most 8 once the grid's place in the picture is given.
  const cellPx = ladderUp(longerPx / (MOST_CELLS - 1));
  return { xs: linesBetween(rect.x0, rect.x1, cellPx), ys: linesBetween(rect.y0, rect.y1, cellPx) };
}

/** The whole region as one cell. */
export function oneCell(rect: PixelRect): CellGrid {
  return { xs: [rect.x0, rect.x1], ys: [rect.y0, rect.y1] };
}

function linesBetween(from: number, to: number, cellPx: number): number[] {
  const lines = [from];
  const half = cellPx / 2;
  for (let at = cellPx * Math.ceil((from + half) / cellPx); at <= to - half; at += cellPx) {
    lines.push(at);
  }
  lines.push(to);
  return lines;
}

/** Next of 8, 12, 16, 24, 32, 48, … that is not below `px`. */
function ladderUp(px: number): number {
  let step = SMALLEST_CELL_PX;
  while (step < px) step = step % 3 === 0 ? (step / 3) * 4 : (step / 2) * 3;
  return step;
}
