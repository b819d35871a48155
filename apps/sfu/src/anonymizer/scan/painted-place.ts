import { clipBox, type Box, type I420Planes } from '@drape/anonymizer/core';

/** Steps of luma below this are coding noise. */
const NOISE = 3;
/** Mean step between neighbouring pixels below which a place is flat: solid paint, heavy blur. */
const FLAT = 0.8;
/** Mean step in either direction that squares of different colours have at least. */
const LEAST_STEP = 0.1;
/** A mosaic steps at no more than this share of its columns (and rows) … */
const EDGE_SHARE = 0.15;
/** … and at no more than these: 8 cells across, whose edges coding makes two pixels wide. */
const MOST_EDGES = 20;
/** A mosaic has this share of all its steps there; a face about a third. */
const CONCENTRATED = 0.7;

/**
 * Does this place show paint and no picture: one colour, or squares of one colour each? Judged by
 * where luma steps from pixel to pixel: in a mosaic on few columns and rows, and nowhere else.
 */
export function isPainted(planes: I420Planes, box: Box): boolean {
  const inside = clipBox(box, planes);
  if (!inside) return true;
  const left = Math.ceil(inside.x);
  const top = Math.ceil(inside.y);
  const width = Math.floor(inside.x + inside.w) - left;
  const height = Math.floor(inside.y + inside.h) - top;
  if (width < 4 || height < 4) return false;
  const columns = new Float64Array(width);
  const rows = new Float64Array(height);
  for (let y = 1; y < height; y += 1) {
    const line = (top + y) * planes.strideY + left;
    for (let x = 1; x < width; x += 1) {
      const here = planes.y[line + x] ?? 0;
      const across = Math.abs(here - (planes.y[line + x - 1] ?? 0));
      const down = Math.abs(here - (planes.y[line + x - planes.strideY] ?? 0));
      if (across > NOISE) columns[x] = (columns[x] ?? 0) + across;
      if (down > NOISE) rows[y] = (rows[y] ?? 0) + down;
    }
  }
  const area = width * height;
  const isFlat = total(columns) < FLAT * area && total(rows) < FLAT * area;
  // Bars step one way only: those are a code, not a mosaic.
  const stepsBothWays = Math.min(total(columns), total(rows)) >= LEAST_STEP * area;
  return isFlat || (stepsBothWays && isConcentrated(columns) && isConcentrated(rows));
}

function isConcentrated(steps: Float64Array): boolean {
  const all = total(steps);
  const edges = Math.min(MOST_EDGES, Math.max(1, Math.ceil(EDGE_SHARE * steps.length)));
  const most = steps.slice().sort().subarray(-edges);
  return total(most) >= CONCENTRATED * all;
}

function total(steps: Float64Array): number {
  return steps.reduce((sum, step) => sum + step, 0);
}
