/** A network's map of one number per cell, rows one after the other. */
export interface HeatMap {
  readonly rows: number;
  readonly columns: number;
  readonly heatmap: Float32Array;
}

/** No neighbouring cell has a higher value. Of equal neighbours the first in reading order counts. */
export function isPeak({ rows, columns, heatmap }: HeatMap, cell: number): boolean {
  const row = Math.floor(cell / columns);
  const column = cell % columns;
  const score = heatmap[cell] ?? 0;
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      const other = y * columns + x;
      const value = heatmap[other] ?? 0;
      if (value > score || (value === score && other < cell)) return false;
    }
  }
  return true;
}
