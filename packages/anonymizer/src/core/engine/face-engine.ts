import { capBoxes } from '../decode/cap.ts';
import { fusedSteps, fuseFaces, type FaceFusion } from '../decode/face-fusion.ts';
import { gatherFaces } from '../decode/gather-faces.ts';
import { hugeFaceScore } from '../decode/huge-face.ts';
import { placedFace } from '../decode/placed-face.ts';
import type { Detection, Look, LookEffort, ScoreSteps } from '../detector.ts';
import type { RotationDeg } from '../frame.ts';
import { clipBox, growBox } from '../geometry.ts';
import type { Engine, Picture } from './engine.ts';
import { faceJudge, type FaceJudge, type JudgeOptions } from './face-judge.ts';
import { lookAt, type LookSides } from './look-sides.ts';
import type { Network } from './network.ts';
import { centerFaceBoxes, proposer, type Proposer, type ProposalLook } from './proposer.ts';

export const FACE_DETECTOR = 'face-centerface';
/** The same network on turned pictures: faces that lie or hang. */
export const TURNED_DETECTOR = 'face-turned';
export type FaceDetectorId = typeof FACE_DETECTOR | typeof TURNED_DETECTOR;

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

/** The same looks on an input of another size: for a slower runtime. */
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
  /** Judges every proposal at the fusion's low threshold. */
  readonly judge: Network;
  readonly judgeOptions: JudgeOptions;
  readonly usual: JudgedLooks;
  /** As usual where left out. A look that is quicker would miss small faces: there is none. */
  readonly thorough?: JudgedLooks;
}

/** CenterFace on the whole picture, and a judge behind it. Owns its networks. */
export function faceEngine({
  id,
  detector,
  stridePx,
  judge: network,
  judgeOptions,
  ...efforts
}: FaceEngineOptions): Engine {
  const judge = faceJudge(network, judgeOptions);
  const wayOfLooking = ({ fusion, looks, moreLooks }: JudgedLooks): JudgedWay => ({
    proposer: proposer(detector, {
      stridePx,
      nmsIou: fusion.nonMaximumIou,
      decode: centerFaceBoxes,
    }),
    judge,
    fusion,
    ways: [
      ...looks.map((sides) => lookAt(sides, 0, fusion.proposalThreshold)),
      ...moreLooks.flatMap(({ sides, turnsDeg, proposalThreshold }) =>
        turnsDeg.map((turnDeg) => lookAt(sides, turnDeg, proposalThreshold)),
      ),
    ],
  });
  const usual = wayOfLooking(efforts.usual);
  const ways: Readonly<Record<LookEffort, JudgedWay>> = {
    usual,
    fine: usual,
    both: usual,
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
  readonly proposer: Proposer;
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
    .flatMap(({ box: seen, turnDeg, score: detectorScore }, index): Detection[] => {
      const isSure = detectorScore >= fusion.sureScore;
      const score = hugeFaceScore(scores[index] ?? 0, { box: seen, isSure }, picture.planes);
      const upright = turnDeg === 0 ? seen : growBox(seen, TURNED_GROW_SHARE);
      const box = clipBox(placedFace(upright, detectorScore), picture.planes) ?? seen;
      return score >= steps.low ? [{ cls: 'face', box, score }] : [];
    })
    .sort((a, b) => b.score - a.score);
  const beside = proposals.filter((proposal) => !proposal.peak).map(({ box }) => box);
  return { detections: gatherFaces(faces, beside, steps), saturated };
}

/** The network draws a face's forehead and chin where it learned them: upright. */
const TURNED_GROW_SHARE = 0.03;

function faceInfo(
  id: FaceDetectorId,
  steps: ScoreSteps,
  models: Engine['info']['models'],
): Engine['info'] {
  return { id, classes: ['face'], steps, models };
}
