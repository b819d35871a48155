import { growBoxBy, type Box } from '../geometry.ts';
import { components } from './components.ts';

export interface TextLine {
  /** In pixels of the network's input. */
  readonly box: Box;
  /** The same as the map shows it, not grown. */
  readonly core: Box;
  /** Mean probability of its pixels, 0..1. */
  readonly score: number;
}

export interface DbTextOptions {
  readonly rows: number;
  readonly columns: number;
  /** From here on a pixel belongs to text. */
  readonly bitmapThreshold: number;
  /** Least mean probability of a line. */
  readonly boxThreshold: number;
  /** The map shows text shrunken; a box grows by area · ratio / perimeter on every side. */
  readonly unclipRatio: number;
  /** Least side of a line in the map, in pixels. */
  readonly minSidePx: number;
}

/**
 * Lines of text in the probability map of a differentiable-binarization network (Liao et al.,
 * 2020, section 3.4), as upright boxes, best first.
 */
export function decodeDbText(probability: Float32Array, options: DbTextOptions): TextLine[] {
  const { bitmapThreshold, boxThreshold, unclipRatio, minSidePx } = options;
  const lines: TextLine[] = [];
  for (const found of components(probability, options, bitmapThreshold)) {
    const w = found.right - found.left + 1;
    const h = found.bottom - found.top + 1;
    const score = found.sum / found.area;
    if (score < boxThreshold || Math.min(w, h) < minSidePx) continue;
    const grow = (w * h * unclipRatio) / (2 * (w + h));
    const core = { x: found.left, y: found.top, w, h };
    lines.push({ box: growBoxBy(core, grow, grow), core, score: Math.min(1, score) });
  }
  return lines.sort((a, b) => b.score - a.score);
}
