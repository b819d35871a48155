import { boxArea, overlapArea, type Box } from '../geometry.ts';
import type { ScoreSteps } from '../detector.ts';
import type { Proposal } from './centerface.ts';

/** Logits from which a proposal is painted. */
export interface FaceThresholds {
  /** In body, and wherever the judge is not sure that the picture shows a room. */
  readonly inside: number;
  /** Where it is sure for the proposal and for the frame. */
  readonly outside: number;
}

/** A logistic over what detector and judge say of a proposal; made by models/train. */
export interface FaceFusion {
  /** Boxes are neighbours from this intersection on, as share of the smaller one's area. */
  readonly neighbourShare: number;
  readonly weights: {
    /** Of the logit of the best detector score among the box and its neighbours. */
    readonly detectorLogit: number;
    /** Of the judge's face logit. */
    readonly judgeFace: number;
    /** Of the mean face logit of the neighbours; its own where it has none. */
    readonly neighbourFace: number;
  };
  readonly bias: number;
  /** A detector that is this sure is not overruled: why is in models/cards/face-judge.md. */
  readonly sureScore: number;
  /** A proposal, and a frame by the mean of its proposals, is outside under this logit. */
  readonly outsideBelow: number;
  readonly thresholds: {
    readonly cautious: FaceThresholds;
    readonly balanced: FaceThresholds;
  };
}

const HIGH_STEP = 0.5;

/** The judge's two logits of one crop. */
export interface Verdict {
  readonly face: number;
  readonly endoscopy: number;
}

/** Scores of `fuseFaces` that the balanced (high) and the cautious (low) thresholds stand for. */
export function fusedSteps({ thresholds: { balanced, cautious } }: FaceFusion): ScoreSteps {
  const margin = Math.min(balanced.inside - cautious.inside, balanced.outside - cautious.outside);
  return { low: logistic(-Math.max(0, margin)), high: HIGH_STEP };
}

/** A score for each proposal, 0..1: 0.5 at the balanced threshold that holds for it, or above. */
export function fuseFaces(
  proposals: readonly Proposal[],
  verdicts: readonly Verdict[],
  fusion: FaceFusion,
): number[] {
  const { outsideBelow, sureScore, thresholds } = fusion;
  const endoscopy = verdicts.reduce((sum, verdict) => sum + verdict.endoscopy, 0);
  const frameOutside = endoscopy / Math.max(1, verdicts.length) < outsideBelow;
  return proposals.map((proposal, index) => {
    const own = verdicts[index];
    if (!own) throw new RangeError(`no verdict on proposal ${index}`);
    const outside = frameOutside && own.endoscopy < outsideBelow;
    const threshold = outside ? thresholds.balanced.outside : thresholds.balanced.inside;
    const score = logistic(fuseOne(index, { proposals, verdicts, fusion }) - threshold);
    return proposal.score >= sureScore ? Math.max(score, HIGH_STEP) : score;
  });
}

function fuseOne(
  index: number,
  all: {
    readonly proposals: readonly Proposal[];
    readonly verdicts: readonly Verdict[];
    readonly fusion: FaceFusion;
  },
): number {
  const { proposals, verdicts, fusion } = all;
  const { weights, bias, neighbourShare } = fusion;
  const proposal = proposals[index];
  const ownFace = verdicts[index]?.face ?? 0;
  if (!proposal) return -Infinity;
  let best = proposal.score;
  let sum = 0;
  let count = 0;
  proposals.forEach((other, at) => {
    if (at === index || !areNeighbours(proposal.box, other.box, neighbourShare)) return;
    best = Math.max(best, other.score);
    sum += verdicts[at]?.face ?? 0;
    count++;
  });
  return (
    weights.detectorLogit * logitOf(best) +
    weights.judgeFace * ownFace +
    weights.neighbourFace * (count > 0 ? sum / count : ownFace) +
    bias
  );
}

/** The square that the judge sees: `share` × the longer side, around the box's centre. */
export function judgeSquare({ x, y, w, h }: Box, share: number): Box {
  const side = Math.max(share * Math.max(w, h), 2);
  return { x: x + w / 2 - side / 2, y: y + h / 2 - side / 2, w: side, h: side };
}

function areNeighbours(a: Box, b: Box, share: number): boolean {
  const smaller = Math.max(Math.min(boxArea(a), boxArea(b)), 1e-9);
  return overlapArea(a, b) / smaller >= share;
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function logitOf(probability: number): number {
  const p = Math.min(1 - 1e-4, Math.max(1e-4, probability));
  return Math.log(p / (1 - p));
}
