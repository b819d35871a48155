import type { Detection, ScoreSteps } from '../detector.ts';
import { boxArea, growBox, overlapArea, unionBox, type Box } from '../geometry.ts';

/**
 * Boxes of one face overlap the best of them by this share of the smaller one's area, or more.
 * At 0.15 half as many boxes are left as without, all faces of the development sets are still
 * covered, and the painted area grows by 1 %.
 */
const SAME_FACE_SHARE = 0.15;

/** How much painting will grow boxes on every side: the joined box is made for after that. */
const PAINTED_GROWTH = 0.3;

/**
 * A low threshold proposes one face several times, side by side. Joins these to one box which,
 * once grown, covers what they would cover grown. Detections below the high step neither join
 * nor widen those above it. Best first in, best first out.
 */
export function gatherBoxes(bestFirst: readonly Detection[], steps: ScoreSteps): Detection[] {
  const groups: { readonly best: Detection; box: Box }[] = [];
  for (const detection of bestFirst) {
    const group = groups.find(({ best }) => isSameFace(best.box, detection.box));
    if (!group) groups.push({ best: detection, box: detection.box });
    else if (detection.score >= steps.high || group.best.score < steps.high) {
      group.box = joined(group.box, detection.box);
    }
  }
  return groups.map(({ best, box }) => ({ ...best, box }));
}

function isSameFace(best: Box, other: Box): boolean {
  const smaller = Math.min(boxArea(best), boxArea(other));
  return overlapArea(best, other) >= SAME_FACE_SHARE * smaller;
}

function joined(a: Box, b: Box): Box {
  const all = unionBox(growBox(a, PAINTED_GROWTH), growBox(b, PAINTED_GROWTH));
  return growBox(all, -PAINTED_GROWTH / (1 + 2 * PAINTED_GROWTH));
}
