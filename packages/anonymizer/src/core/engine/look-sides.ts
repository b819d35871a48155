import type { RotationDeg } from '../frame.ts';
import type { ProposalLook } from './proposer.ts';

/** One size at which the picture is looked at: short and long side of the input, in pixels. */
export type LookSides = readonly [shortPx: number, longPx: number];

/** Pictures are enlarged at most this much: faces of 4 pixels are nobody's. */
const ENLARGE = 3;

/** A look on an input of these sides, turned clockwise from upright. */
export function lookAt(
  [shortPx, longPx]: LookSides,
  turnDeg: RotationDeg,
  threshold: number,
): ProposalLook {
  const limits = { shortPx, longPx, areaPx: Infinity, multiplePx: 32, enlarge: ENLARGE };
  return { ...limits, turnDeg, threshold };
}
