import type { Box } from '@drape/anonymizer/core';
import { growBox } from '@drape/anonymizer/core';
import type { TruthBox } from '../truth/truth.ts';
import type { PaintMask } from './mask.ts';
import { paintedPixels, paintedShareOf, unionPixels } from './mask.ts';

/** Shares of a box's area that must show the fill. */
export const COVERED_FROM = { face: 0.9, text: 0.95 } as const;

/** A picture with at least this share painted was covered whole (the rest is codec noise). */
const WHOLE_FROM = 0.98;

/** How far a face is grown per side for what ground truth itself would paint. */
const GROWN = 0.3;

export interface JudgedBox {
  readonly kind: 'face' | 'text';
  readonly visibility: 'clear' | 'hard';
  readonly box: Box;
  readonly paintedShare: number;
  readonly covered: boolean;
  readonly easyOrMedium: boolean;
}

/** What one output picture shows. */
export interface JudgedFrame {
  readonly boxes: readonly JudgedBox[];
  /** A clear face or a scored text box is not covered. */
  readonly exposed: boolean;
  /** 0..1 of the picture. */
  readonly paintedShare: number;
  readonly paintedPx: number;
  readonly whole: boolean;
  readonly areaPx: number;
}

/** Judges one output picture by its pixels. Boxes marked `ignore` are left out. */
export function judgeFrame(mask: PaintMask, truth: readonly TruthBox[]): JudgedFrame {
  const boxes: JudgedBox[] = [];
  for (const { kind, visibility, box, easyOrMedium = false } of truth) {
    if (visibility === 'ignore') continue;
    const paintedShare = paintedShareOf(mask, box);
    if (paintedShare === undefined) continue;
    const covered = paintedShare >= COVERED_FROM[kind];
    boxes.push({ kind, visibility, box, paintedShare, covered, easyOrMedium });
  }
  const paintedPx = paintedPixels(mask);
  const areaPx = mask.widthPx * mask.heightPx;
  const paintedShare = paintedPx / areaPx;
  return {
    boxes,
    exposed: boxes.some((box) => box.visibility === 'clear' && !box.covered),
    paintedPx,
    paintedShare,
    areaPx,
    whole: paintedShare >= WHOLE_FROM,
  };
}

/** What grown ground truth would paint in a picture, in pixels: every face, ignored ones too. */
export function grownTruthPixels(
  size: { readonly widthPx: number; readonly heightPx: number },
  truth: readonly TruthBox[],
): number {
  const grown = truth.map((one) => growBox(one.box, one.kind === 'face' ? GROWN : 0));
  return unionPixels(grown, size);
}
