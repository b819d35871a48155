import type { FramePlan, Size } from '../../core/index.ts';

const COLUMNS = 64;
const ROWS = 36;

/** Share of the picture that a plan covers, 0..1, to a cell of a 64×36 grid. */
export function coveredShareOf(plan: FramePlan, { widthPx, heightPx }: Size): number {
  if (plan.whole !== undefined) return 1;
  if (plan.regions.length === 0) return 0;
  const cells = new Uint8Array(COLUMNS * ROWS);
  for (const { box } of plan.regions) {
    const columns = cellsOf(box.x, box.w, widthPx / COLUMNS, COLUMNS);
    const rows = cellsOf(box.y, box.h, heightPx / ROWS, ROWS);
    for (let row = rows.from; row < rows.to; row++) {
      cells.fill(1, row * COLUMNS + columns.from, row * COLUMNS + columns.to);
    }
  }
  return cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
}

/** Cells whose middle lies in the span; a span that is no number covers them all, as paint does. */
function cellsOf(
  start: number,
  length: number,
  cellPx: number,
  count: number,
): { from: number; to: number } {
  const from = Math.max(0, Math.ceil(start / cellPx - 0.5));
  const to = Math.min(count, Math.ceil((start + length) / cellPx - 0.5));
  return Number.isNaN(from) || Number.isNaN(to) ? { from: 0, to: count } : { from, to };
}
