import type { Detection, ScoreSteps } from '../detector.ts';
import { boxArea, growBox, overlapArea, unionBox, type Box } from '../geometry.ts';

/**
 * Faces overlap the best of their group by this share of the smaller one's area, or more. With
 * 0.15 half as many boxes are left as without, all faces of the development sets are still
 * covered, and the painted area grows by 1 %.
 */
const SAME_FACE_SHARE = 0.15;

/**
 * A box beside a face's peak widens it where it overlaps the peak by this share. Judging it by
 * itself instead covers no more faces and takes twice the time of the judge.
 */
const BESIDE_SHARE = 0.45;

/** How much painting will grow boxes on every side, at least: the joined box is made for after that. */
const PAINTED_GROWTH = 0.22;

/**
 * A low threshold finds one face several times, side by side. Joins these to one box which,
 * once grown, covers what they would cover grown. Faces below the high step do not widen those
 * above it.
 *
 * @param bestFirst the judged faces, best first
 * @param beside boxes beside peaks that were not judged
 */
export function gatherFaces(
  bestFirst: readonly Detection[],
  beside: readonly Box[],
  steps: ScoreSteps,
): Detection[] {
  const groups: { readonly best: Detection; box: Box }[] = [];
  for (const face of bestFirst) {
    const group = groups.find(({ best }) => overlaps(best.box, face.box, SAME_FACE_SHARE));
    if (!group) groups.push({ best: face, box: face.box });
    else if (face.score >= steps.high || group.best.score < steps.high) {
      group.box = joined(group.box, face.box);
    }
  }
  for (const box of beside) {
    const group = groups.find(({ best }) => overlaps(best.box, box, BESIDE_SHARE));
    if (group) group.box = joined(group.box, box);
  }
  return groups.map(({ best, box }) => ({ ...best, box }));
}

function overlaps(a: Box, b: Box, share: number): boolean {
  return overlapArea(a, b) >= share * Math.min(boxArea(a), boxArea(b));
}

function joined(a: Box, b: Box): Box {
  const all = unionBox(growBox(a, PAINTED_GROWTH), growBox(b, PAINTED_GROWTH));
  return growBox(all, -PAINTED_GROWTH / (1 + 2 * PAINTED_GROWTH));
}
