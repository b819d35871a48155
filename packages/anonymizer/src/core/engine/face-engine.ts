import { capBoxes } from '../decode/cap.ts';
import { fusedSteps, fuseFaces, type FaceFusion } from '../decode/face-fusion.ts';
import { gatherFaces } from '../decode/gather-faces.ts';
import type { Detection, Look, ScoreSteps } from '../detector.ts';
import type { Engine, Picture } from './engine.ts';
import { faceJudge, type FaceJudge, type JudgeOptions } from './face-judge.ts';
import { faceProposer, type FaceProposer } from './face-proposals.ts';
import type { InputLimits } from './input-size.ts';
import type { Network } from './network.ts';

export const FACE_DETECTOR = 'face-centerface';

/** Without a judge: half the score at which a face is painted keeps a track alive. */
const LOW_SHARE = 0.5;
const MAX_UNJUDGED = 300;
/** Pictures are enlarged at most this much: faces of 4 pixels are nobody's. */
const ENLARGE = 3;

/** One size at which the picture is looked at: short and long side of the input, in pixels. */
export type LookSides = readonly [shortPx: number, longPx: number];

/** A fusion as the manifest has it: models/src/manifest-schema.ts. */
export interface FaceFusionOptions extends FaceFusion {
  readonly proposalThreshold: number;
  readonly nonMaximumIou: number;
  readonly maxProposals: number;
}

export interface FaceEngineOptions {
  readonly detector: Network;
  /** Input pixels per cell of the detector's output maps. */
  readonly stridePx: number;
  readonly looks: readonly LookSides[];
  /** With it, every proposal at the fusion's low threshold is judged. */
  readonly judged?: {
    readonly judge: Network;
    readonly options: JudgeOptions;
    readonly fusion: FaceFusionOptions;
  };
  /** Without a judge: score from which a box is a face, and overlap of two boxes of one. */
  readonly alone: { readonly scoreThreshold: number; readonly nmsIou: number };
}

/** CenterFace on the whole picture, with or without a judge behind it. Owns its networks. */
export function faceEngine(options: FaceEngineOptions): Engine {
  return options.judged ? judgedEngine(options, options.judged) : unjudgedEngine(options);
}

function unjudgedEngine({ detector, stridePx, looks, alone }: FaceEngineOptions): Engine {
  const { scoreThreshold, nmsIou } = alone;
  const steps = { low: scoreThreshold * LOW_SHARE, high: scoreThreshold };
  const limits = looks.slice(0, 1).map(limitsOf);
  const proposer = faceProposer(detector, {
    stridePx,
    threshold: steps.low,
    nmsIou,
    looks: limits,
  });
  return {
    info: faceInfo(steps, [detector.stamp]),
    async look(picture) {
      const proposals = await proposer.propose(picture);
      const { kept, saturated } = capBoxes(proposals, MAX_UNJUDGED, picture.planes);
      return { detections: kept.map(({ box, score }) => ({ cls: 'face', box, score })), saturated };
    },
    warmUp: () => proposer.warmUp(),
    close: () => detector.close(),
  };
}

function judgedEngine(
  { detector, stridePx, looks }: FaceEngineOptions,
  judged: NonNullable<FaceEngineOptions['judged']>,
): Engine {
  const { fusion } = judged;
  const { proposalThreshold: threshold, nonMaximumIou: nmsIou } = fusion;
  const judge = faceJudge(judged.judge, judged.options);
  const limits = looks.map(limitsOf);
  const proposer = faceProposer(detector, { stridePx, threshold, nmsIou, looks: limits });
  return {
    info: faceInfo(fusedSteps(fusion), [detector.stamp, judged.judge.stamp]),
    look: (picture) => lookJudged(picture, { proposer, judge, fusion }),
    async warmUp() {
      await proposer.warmUp();
      await judge.warmUp();
    },
    async close() {
      await Promise.all([detector.close(), judged.judge.close()]);
    },
  };
}

async function lookJudged(
  picture: Picture,
  {
    proposer,
    judge,
    fusion,
  }: {
    readonly proposer: FaceProposer;
    readonly judge: FaceJudge;
    readonly fusion: FaceFusionOptions;
  },
): Promise<Look> {
  const proposals = await proposer.propose(picture);
  const peaks = proposals.filter((proposal) => proposal.peak);
  const { kept, saturated } = capBoxes(peaks, fusion.maxProposals, picture.planes);
  const verdicts = await judge.judge(
    picture,
    kept.map(({ box }) => box),
  );
  const scores = fuseFaces(kept, verdicts, fusion);
  const steps = fusedSteps(fusion);
  const faces = kept
    .flatMap(({ box }, index): Detection[] => {
      const score = scores[index] ?? 0;
      return score >= steps.low ? [{ cls: 'face', box, score }] : [];
    })
    .sort((a, b) => b.score - a.score);
  const beside = proposals.filter((proposal) => !proposal.peak).map(({ box }) => box);
  return { detections: gatherFaces(faces, beside, steps), saturated };
}

function faceInfo(steps: ScoreSteps, models: Engine['info']['models']): Engine['info'] {
  return { id: FACE_DETECTOR, classes: ['face'], steps, models };
}

function limitsOf([shortPx, longPx]: LookSides): InputLimits {
  return { shortPx, longPx, areaPx: Infinity, multiplePx: 32, enlarge: ENLARGE };
}
