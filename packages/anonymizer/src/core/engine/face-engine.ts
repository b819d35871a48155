import { capBoxes } from '../decode/cap.ts';
import { fusedSteps, fuseFaces, type FaceFusion } from '../decode/face-fusion.ts';
import { gatherFaces } from '../decode/gather-faces.ts';
import type { Detection, Look, LookEffort, ScoreSteps } from '../detector.ts';
import type { RotationDeg } from '../frame.ts';
import { clipBox, growBox, type Box, type Size } from '../geometry.ts';
import type { Engine, Picture } from './engine.ts';
import { faceJudge, type FaceJudge, type JudgeOptions } from './face-judge.ts';
import { faceProposer, type FaceProposer, type ProposalLook } from './face-proposals.ts';
import type { Network } from './network.ts';

export const FACE_DETECTOR = 'face-centerface';
/** The same network on turned pictures: faces that lie or hang. */
export const TURNED_DETECTOR = 'face-turned';
export type FaceDetectorId = typeof FACE_DETECTOR | typeof TURNED_DETECTOR;

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

/** One size, in one or more turns clockwise from upright, with a threshold of its own. */
export interface TurnedLooks {
  readonly sides: LookSides;
  readonly turnsDeg: readonly RotationDeg[];
  readonly proposalThreshold: number;
}

/** Upright looks, turned ones, and the fusion of what all of them propose. */
export interface JudgedLooks {
  readonly looks: readonly LookSides[];
  readonly moreLooks: readonly TurnedLooks[];
  readonly fusion: FaceFusionOptions;
}

/** The same looks on an input of another size: for a stream that is behind, a slower runtime. */
export function atSides(way: JudgedLooks, sides: LookSides): JudgedLooks {
  return {
    ...way,
    looks: way.looks.map(() => sides),
    moreLooks: way.moreLooks.map((look) => ({ ...look, sides })),
  };
}

export interface FaceEngineOptions {
  readonly id: FaceDetectorId;
  readonly detector: Network;
  /** Input pixels per cell of the detector's output maps. */
  readonly stridePx: number;
  /** Without a judge: the first of them is used. */
  readonly looks: readonly LookSides[];
  /** With it, every proposal at the fusion's low threshold is judged. */
  readonly judged?: {
    readonly judge: Network;
    readonly options: JudgeOptions;
    /** How it looks by effort; `usual` where left out. */
    readonly usual: JudgedLooks;
    readonly quick?: JudgedLooks;
    readonly thorough?: JudgedLooks;
  };
  /** Without a judge: score from which a box is a face, and overlap of two boxes of one. */
  readonly alone: { readonly scoreThreshold: number; readonly nmsIou: number };
}

/** CenterFace on the whole picture, with or without a judge behind it. Owns its networks. */
export function faceEngine(options: FaceEngineOptions): Engine {
  return options.judged ? judgedEngine(options, options.judged) : unjudgedEngine(options);
}

function unjudgedEngine({ id, detector, stridePx, looks, alone }: FaceEngineOptions): Engine {
  const { scoreThreshold, nmsIou } = alone;
  const steps = { low: scoreThreshold * LOW_SHARE, high: scoreThreshold };
  const ways = looks.slice(0, 1).map((sides) => wayOf(sides, 0, steps.low));
  const proposer = faceProposer(detector, { stridePx, nmsIou });
  return {
    info: faceInfo(id, steps, [detector.stamp]),
    async look(picture) {
      const proposals = await proposer.propose(picture, ways);
      const { kept, saturated } = capBoxes(proposals, MAX_UNJUDGED, picture.planes);
      return { detections: kept.map(({ box, score }) => ({ cls: 'face', box, score })), saturated };
    },
    warmUp: () => proposer.warmUp(ways),
    close: () => detector.close(),
  };
}

function judgedEngine(
  { id, detector, stridePx }: FaceEngineOptions,
  { judge: network, options, ...efforts }: NonNullable<FaceEngineOptions['judged']>,
): Engine {
  const judge = faceJudge(network, options);
  const wayOfLooking = ({ fusion, looks, moreLooks }: JudgedLooks): JudgedWay => ({
    proposer: faceProposer(detector, { stridePx, nmsIou: fusion.nonMaximumIou }),
    judge,
    fusion,
    ways: [
      ...looks.map((sides) => wayOf(sides, 0, fusion.proposalThreshold)),
      ...moreLooks.flatMap(({ sides, turnsDeg, proposalThreshold }) =>
        turnsDeg.map((turnDeg) => wayOf(sides, turnDeg, proposalThreshold)),
      ),
    ],
  });
  const usual = wayOfLooking(efforts.usual);
  const ways: Readonly<Record<LookEffort, JudgedWay>> = {
    quick: efforts.quick ? wayOfLooking(efforts.quick) : usual,
    usual,
    thorough: efforts.thorough ? wayOfLooking(efforts.thorough) : usual,
  };
  return {
    info: faceInfo(id, fusedSteps(usual.fusion), [detector.stamp, network.stamp]),
    look: (picture, effort) => lookJudged(picture, ways[effort]),
    async warmUp() {
      await usual.proposer.warmUp(usual.ways);
      await judge.warmUp();
    },
    async close() {
      await Promise.all([detector.close(), network.close()]);
    },
  };
}

interface JudgedWay {
  readonly proposer: FaceProposer;
  readonly judge: FaceJudge;
  readonly fusion: FaceFusionOptions;
  readonly ways: readonly ProposalLook[];
}

async function lookJudged(
  picture: Picture,
  { proposer, judge, fusion, ways }: JudgedWay,
): Promise<Look> {
  const proposals = await proposer.propose(picture, ways);
  const peaks = proposals.filter((proposal) => proposal.peak);
  const { kept, saturated } = capBoxes(peaks, fusion.maxProposals, picture.planes);
  const verdicts = await judge.judge(picture, kept);
  const scores = fuseFaces(kept, verdicts, fusion);
  const steps = fusedSteps(fusion);
  const faces = kept
    .flatMap(({ box: seen, turnDeg }, index): Detection[] => {
      const score = scores[index] ?? 0;
      const box = turnDeg === 0 ? seen : grownInside(seen, picture.planes);
      return score >= steps.low ? [{ cls: 'face', box, score }] : [];
    })
    .sort((a, b) => b.score - a.score);
  const beside = proposals.filter((proposal) => !proposal.peak).map(({ box }) => box);
  return { detections: gatherFaces(faces, beside, steps), saturated };
}

/** The network draws a face's forehead and chin where it learned them: upright. */
const TURNED_GROW_SHARE = 0.03;

function grownInside(box: Box, size: Size): Box {
  return clipBox(growBox(box, TURNED_GROW_SHARE), size) ?? box;
}

function faceInfo(
  id: FaceDetectorId,
  steps: ScoreSteps,
  models: Engine['info']['models'],
): Engine['info'] {
  return { id, classes: ['face'], steps, models };
}

function wayOf(
  [shortPx, longPx]: LookSides,
  turnDeg: RotationDeg,
  threshold: number,
): ProposalLook {
  return {
    shortPx,
    longPx,
    areaPx: Infinity,
    multiplePx: 32,
    enlarge: ENLARGE,
    turnDeg,
    threshold,
  };
}
