import { boxArea, type Box, type Size } from '../geometry.ts';

/** From this share of the picture on a box is huge: no face of an operating room is, but one held before the lens. */
const HUGE_SHARE = 0.35;
/**
 * What is taken off a huge box's logit: pale tissue that fills an endoscope's picture came to .53-.56 (4 of 711 pictures of
 * the body, each of which was then painted whole). Of 120 clear faces of the development sets that were cut out until
 * they fill the picture, the detector is sure of, or the score is .79 and more, of all that are found: 112 of 114 by score.
 */
const DOUBT = 0.6;

/**
 * The fused score, 0..1, of a proposal that may fill the picture. A detector that is sure by itself is not overruled.
 */
export function hugeFaceScore(
  score: number,
  proposal: { readonly box: Box; readonly isSure: boolean },
  { widthPx, heightPx }: Size,
): number {
  const isHuge = boxArea(proposal.box) >= HUGE_SHARE * widthPx * heightPx;
  if (!isHuge || proposal.isSure) return score;
  const odds = (score / (1 - score)) * Math.exp(-DOUBT);
  return Number.isFinite(odds) ? odds / (1 + odds) : score;
}
