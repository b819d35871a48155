import { loadManifest, type FaceFusionSetup } from '@drape/models';
import {
  capBoxes,
  fusedSteps,
  fuseFaces,
  gatherFaces,
  type Detection,
  type Look,
  type ScoreSteps,
} from '../../core/index.ts';
import type { Engine, Picture } from './engine.ts';
import { openFaceJudge, type FaceJudge } from './face-judge.ts';
import { faceProposer, type FaceProposer } from './face-proposals.ts';
import type { InputLimits } from './input-size.ts';
import { openModel, type OpenModel } from './onnx-session.ts';

const DETECTOR = 'face-centerface';
const JUDGE = 'face-judge';

/** Without a judge: half the score at which a face is painted keeps a track alive. */
const LOW_SHARE = 0.5;
const MAX_UNJUDGED = 300;
/** Pictures are enlarged at most this much: faces of 4 pixels are nobody's. */
const ENLARGE = 3;

/**
 * CenterFace on the whole picture. Where the manifest has a judge, it proposes at the low
 * threshold of the judge's fusion, and every proposal is judged.
 */
export async function openFaceEngine(threads: number): Promise<Engine> {
  const judged = loadManifest().models.some((model) => model.id === JUDGE);
  const opened = await openModel(DETECTOR, { threads });
  return judged ? openJudged(opened, threads) : openAlone(opened);
}

function openAlone(opened: OpenModel): Engine {
  const { postprocess, preprocess } = opened.model;
  if (postprocess.kind !== 'centerface') throw new TypeError(`${DETECTOR}: wrong postprocess`);
  const { scoreThreshold, nmsIou } = postprocess;
  const steps = { low: scoreThreshold * LOW_SHARE, high: scoreThreshold };
  const looks = preprocess.sizes
    .slice(0, 1)
    .map(({ heightPx, widthPx }) => limitsOf(heightPx, widthPx));
  const proposer = faceProposer(opened, { threshold: steps.low, nmsIou, looks });
  return {
    info: faceInfo(steps, [opened.stamp]),
    async look(picture) {
      const proposals = await proposer.propose(picture);
      const { kept, saturated } = capBoxes(proposals, MAX_UNJUDGED, picture.planes);
      return { detections: kept.map(({ box, score }) => ({ cls: 'face', box, score })), saturated };
    },
    warmUp: () => proposer.warmUp(),
    close: () => opened.close(),
  };
}

async function openJudged(opened: OpenModel, threads: number): Promise<Engine> {
  const judge = await openFaceJudge(threads);
  const setup = judge.fusions.find((fusion) => fusion.detector === DETECTOR);
  if (!setup) throw new TypeError(`${JUDGE}: no fusion for ${DETECTOR}`);
  const { proposalThreshold: threshold, nonMaximumIou: nmsIou } = setup;
  const looks = setup.looks.map(([shortPx, longPx]) => limitsOf(shortPx, longPx));
  const proposer = faceProposer(opened, { threshold, nmsIou, looks });
  return {
    info: faceInfo(fusedSteps(setup), [opened.stamp, judge.stamp]),
    look: (picture) => lookJudged(picture, { proposer, judge, setup }),
    async warmUp() {
      await proposer.warmUp();
      await judge.warmUp();
    },
    async close() {
      await Promise.all([opened.close(), judge.close()]);
    },
  };
}

async function lookJudged(
  picture: Picture,
  {
    proposer,
    judge,
    setup,
  }: {
    readonly proposer: FaceProposer;
    readonly judge: FaceJudge;
    readonly setup: FaceFusionSetup;
  },
): Promise<Look> {
  const proposals = await proposer.propose(picture);
  const peaks = proposals.filter((proposal) => proposal.peak);
  const { kept, saturated } = capBoxes(peaks, setup.maxProposals, picture.planes);
  const verdicts = await judge.judge(
    picture,
    kept.map(({ box }) => box),
  );
  const scores = fuseFaces(kept, verdicts, setup);
  const steps = fusedSteps(setup);
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
  return { id: DETECTOR, classes: ['face'], steps, models };
}

function limitsOf(shortPx: number, longPx: number): InputLimits {
  return { shortPx, longPx, areaPx: Infinity, multiplePx: 32, enlarge: ENLARGE };
}
