import { components } from './decode/components.ts';
import { boxArea, clipBox, growBoxBy, sizeArea, unionBox, type Box } from './geometry.ts';
import { STROKE_CELL_PX, strokeCells, type Luma } from './stroke-cells.ts';

export interface StrokeRegionOptions {
  /** Strokes from which a cell counts; up to about 60 are in one full of small letters. */
  readonly leastInCell: number;
  /** Strokes that touching cells have together, from which they count. */
  readonly leastTogether: number;
  /** Shown around them on every side, in pixels. */
  readonly marginPx: number;
  /** Where looks at the regions cost more than this share of one at the whole picture, that is the region. */
  readonly mostShare: number;
}

/** A look at a region costs as much as so many pixels, whatever its area: two near ones are better looked at as one. */
const FIXED_COST_PX = 20_000;

/**
 * The parts of a picture, in its pixels, that have strokes as letters and codes have: what looks for those needs to look
 * nowhere else. None where there is no stroke; some may overlap.
 */
export function strokeRegions(luma: Luma, options: StrokeRegionOptions): readonly Box[] {
  const { leastInCell, leastTogether, marginPx, mostShare } = options;
  const whole = { x: 0, y: 0, w: luma.widthPx, h: luma.heightPx };
  const cells = strokeCells(luma);
  const found = components(cells.counts, cells, leastInCell)
    .filter(({ sum }) => sum >= leastTogether)
    .flatMap(({ left, top, right, bottom }): Box[] => {
      const w = (right - left + 1) * STROKE_CELL_PX;
      const h = (bottom - top + 1) * STROKE_CELL_PX;
      const box = { x: left * STROKE_CELL_PX, y: top * STROKE_CELL_PX, w, h };
      const clipped = clipBox(growBoxBy(box, marginPx, marginPx), luma);
      return clipped ? [clipped] : [];
    });
  const regions = joined(found);
  const costPx = regions.reduce((sum, region) => sum + boxArea(region) + FIXED_COST_PX, 0);
  return costPx > mostShare * (sizeArea(luma) + FIXED_COST_PX) ? [whole] : regions;
}

/** Joins boxes that cost hardly more as one, until none are left that do. */
function joined(boxes: readonly Box[]): Box[] {
  const kept: Box[] = [];
  for (const box of boxes) {
    let merged = box;
    for (;;) {
      const index = kept.findIndex((other) => areBetterJoined(merged, other));
      if (index === -1) break;
      const [other] = kept.splice(index, 1);
      if (other) merged = unionBox(merged, other);
    }
    kept.push(merged);
  }
  return kept;
}

function areBetterJoined(a: Box, b: Box): boolean {
  return boxArea(unionBox(a, b)) <= boxArea(a) + boxArea(b) + FIXED_COST_PX;
}
