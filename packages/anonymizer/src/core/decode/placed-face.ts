import { growBox, type Box } from '../geometry.ts';

/**
 * Growth on every side by the detector's score, as share of the box: what covers 98 of 100 faces
 * of a score, less what painting adds to all of them. Measured on held-out faces and on the
 * development sets: models/cards/face-judge.md, "How a box is placed".
 */
const PER_SCORE = 0.2;
const AS_DRAWN_AT = 0.76;
const LEAST = -0.05;
const MOST = 0.08;

/**
 * A face's box by how sure its detector is: sure ones are placed well and drawn a little smaller,
 * doubtful ones (half hidden, turned away, blurred) are placed badly and drawn larger.
 *
 * @param score of the detector, 0..1, before any judge
 */
export function placedFace(box: Box, score: number): Box {
  return growBox(box, Math.min(MOST, Math.max(LEAST, PER_SCORE * (AS_DRAWN_AT - score))));
}
