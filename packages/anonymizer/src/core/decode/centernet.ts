import type { Proposal } from './centerface.ts';
import { isPeak, type HeatMap } from './peak.ts';

export interface CenterNetMaps extends HeatMap {
  /** From the cell's corner to the left, upper, right and lower side of the box, in input pixels. */
  readonly sides: Float32Array;
}

/**
 * Objects of one class in CenterNet's output, best first, before suppression. `heatmap` is that of
 * the class. Source: "Objects as Points", arXiv 1904.07850.
 */
export function decodeCenterNet(
  maps: CenterNetMaps,
  { threshold, stridePx }: { readonly threshold: number; readonly stridePx: number },
): Proposal[] {
  const { rows, columns, heatmap, sides } = maps;
  const area = rows * columns;
  const found: Proposal[] = [];
  for (let cell = 0; cell < area; cell++) {
    const score = heatmap[cell] ?? 0;
    if (!(score > threshold) || !isPeak(maps, cell)) continue;
    const side = (at: number): number => sides[at * area + cell] ?? 0;
    const x = (cell % columns) * stridePx - side(0);
    const y = Math.floor(cell / columns) * stridePx - side(1);
    const box = { x, y, w: side(0) + side(2), h: side(1) + side(3) };
    if (![x, y, box.w, box.h].every(Number.isFinite) || box.w <= 0 || box.h <= 0) continue;
    found.push({ box, score: Math.min(1, score), peak: true });
  }
  return found.sort((a, b) => b.score - a.score);
}
