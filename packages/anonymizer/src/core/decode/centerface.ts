import type { Box } from '../geometry.ts';
import { isPeak, type HeatMap } from './peak.ts';

/**
 * CenterFace's maps, `rows` × `columns` cells each: probability of a face's centre, its size and
 * place. Those with two channels hold y, then x.
 */
export interface CenterFaceMaps extends HeatMap {
  /** ln of height and width, in cells. */
  readonly scale: Float32Array;
  /** Where in its cell the centre lies, in cells. */
  readonly offset: Float32Array;
}

export interface Proposal {
  /** In pixels of the network's input. */
  readonly box: Box;
  /** 0..1. */
  readonly score: number;
  /** No neighbouring cell has a higher score; others stand beside a peak, for the same face. */
  readonly peak: boolean;
}

/** More cells than this are first thinned to those that no neighbour exceeds. */
const MANY_CELLS = 1000;

/**
 * Faces in CenterFace's output: every cell above `threshold`, best first, before suppression.
 * `stridePx` is the side of a cell in input pixels.
 */
export function decodeCenterFace(
  maps: CenterFaceMaps,
  { threshold, stridePx }: { readonly threshold: number; readonly stridePx: number },
): Proposal[] {
  const { rows, columns, heatmap } = maps;
  let cells: number[] = [];
  for (let cell = 0; cell < rows * columns; cell++) {
    if ((heatmap[cell] ?? 0) > threshold) cells.push(cell);
  }
  if (cells.length > MANY_CELLS) cells = cells.filter((cell) => isPeak(maps, cell));
  return cells
    .flatMap((cell): Proposal[] => {
      const box = boxAt(maps, cell, stridePx);
      const score = Math.min(1, heatmap[cell] ?? 0);
      return box ? [{ box, score, peak: isPeak(maps, cell) }] : [];
    })
    .sort((a, b) => b.score - a.score);
}

function boxAt(maps: CenterFaceMaps, cell: number, stridePx: number): Box | undefined {
  const { rows, columns, scale, offset } = maps;
  const area = rows * columns;
  const centreY = (Math.floor(cell / columns) + (offset[cell] ?? 0) + 0.5) * stridePx;
  const centreX = ((cell % columns) + (offset[area + cell] ?? 0) + 0.5) * stridePx;
  const h = Math.exp(scale[cell] ?? 0) * stridePx;
  const w = Math.exp(scale[area + cell] ?? 0) * stridePx;
  const box = { x: centreX - w / 2, y: centreY - h / 2, w, h };
  return [box.x, box.y, w, h].every(Number.isFinite) ? box : undefined;
}
