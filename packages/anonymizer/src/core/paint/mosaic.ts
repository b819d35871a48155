import type { CellMeans } from './means.ts';
import type { PlanePart } from './plane.ts';

/** Writes every cell as one flat value. */
export function paintFlat(part: PlanePart, cells: CellMeans): void {
  const { data, strideBytes, x0, x1 } = part;
  const { xs, ys, values } = cells;
  const columns = xs.length - 1;
  for (let row = 0; row + 1 < ys.length; row++) {
    const top = ys[row] ?? 0;
    const start = top * strideBytes;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] ?? 0;
      data.fill(value, start + (xs[column] ?? 0), start + (xs[column + 1] ?? 0));
    }
    for (let y = top + 1; y < (ys[row + 1] ?? 0); y++) {
      data.copyWithin(y * strideBytes + x0, start + x0, start + x1);
    }
  }
}

/**
 * Writes cells joined smoothly: bilinear between the middles of the cells, flat from the outer
 * middles to the edge. It reads nothing but the cell values, so it tells exactly what paintFlat
 * tells; a blur of the pixels themselves can be undone.
 */
export function paintSmooth(part: PlanePart, cells: CellMeans): void {
  const columns = cells.xs.length - 1;
  const middles = middlesOf(cells.xs);
  const rowMiddles = middlesOf(cells.ys);
  const blended = new Float64Array(columns);
  let row = 0;
  for (let y = part.y0; y < part.y1; y++) {
    while (y >= (rowMiddles[row + 1] ?? Number.POSITIVE_INFINITY)) row++;
    const from = rowMiddles[row] ?? 0;
    const to = rowMiddles[row + 1];
    const share = to === undefined ? 0 : Math.max(0, (y - from) / (to - from));
    for (let column = 0; column < columns; column++) {
      const above = cells.values[row * columns + column] ?? 0;
      const below = cells.values[(row + 1) * columns + column] ?? above;
      blended[column] = above + (below - above) * share;
    }
    paintRamps(part, y, { values: blended, middles });
  }
}

/** One row: flat to the first middle, a straight ramp from middle to middle, flat to the end. */
function paintRamps(
  part: PlanePart,
  y: number,
  cells: { readonly values: Float64Array; readonly middles: readonly number[] },
): void {
  const { data, x1 } = part;
  const start = y * part.strideBytes;
  const { values, middles } = cells;
  const last = values.length - 1;
  let x = part.x0;
  const firstMiddle = Math.ceil(middles[0] ?? x);
  data.fill((values[0] ?? 0) + 0.5, start + x, start + firstMiddle);
  x = firstMiddle;
  for (let column = 0; column < last; column++) {
    const from = middles[column] ?? 0;
    const to = middles[column + 1] ?? 0;
    const left = values[column] ?? 0;
    const slope = ((values[column + 1] ?? 0) - left) / (to - from);
    // 16.16 fixed point: the running sum of a float would cost three times as much.
    let level = Math.round((left + slope * (x - from) + 0.5) * 65536);
    const step = Math.round(slope * 65536);
    const end = start + Math.ceil(to);
    for (let at = start + x; at < end; at++) {
      data[at] = level >> 16;
      level += step;
    }
    x = Math.ceil(to);
  }
  data.fill((values[last] ?? 0) + 0.5, start + x, start + x1);
}

function middlesOf(edges: readonly number[]): number[] {
  return edges.slice(1).map((to, index) => ((edges[index] ?? 0) + to - 1) / 2);
}
