import { findModel, loadManifest, type FaceFusionSetup } from '@drape/models';
import {
  FACE_DETECTOR,
  TURNED_DETECTOR,
  faceEngine,
  type Engine,
  type FaceDetectorId,
  type FaceEngineOptions,
  type JudgedLooks,
  type LookSides,
} from '../../core/index.ts';
import { openModel } from './onnx-session.ts';

const JUDGE = 'face-judge';

type Effort = FaceFusionSetup['effort'];

/**
 * CenterFace on the whole picture, upright or (`face-turned`) on its sides and its head. Where the
 * manifest has a judge, it proposes at the low threshold of the judge's fusion, and every proposal
 * is judged.
 */
export async function openFaceEngine(id: FaceDetectorId, threads: number): Promise<Engine> {
  const hasJudge = loadManifest().models.some((model) => model.id === JUDGE);
  const detector = await openModel(FACE_DETECTOR, { threads });
  const { postprocess, preprocess } = detector.model;
  if (postprocess.kind !== 'centerface') {
    throw new TypeError(`${FACE_DETECTOR}: wrong postprocess`);
  }
  const { stridePx, scoreThreshold, nmsIou } = postprocess;
  const alone = { scoreThreshold, nmsIou };
  const looks = preprocess.sizes.map(({ heightPx, widthPx }) => [heightPx, widthPx] as const);
  if (!hasJudge) return faceEngine({ id, detector, stridePx, looks, alone });
  const { judge, judgeOptions } = await openJudge(threads);
  const efforts = id === TURNED_DETECTOR ? turnedLooks(looks) : uprightLooks(looks);
  const judged = { judge, options: judgeOptions, ...efforts };
  return faceEngine({ id, detector, stridePx, looks, judged, alone });
}

type Efforts = Pick<NonNullable<FaceEngineOptions['judged']>, 'usual' | 'quick' | 'thorough'>;

function uprightLooks([, smaller]: readonly LookSides[]): Efforts {
  const usual = judgedLooks('usual');
  const quick = smaller ? { ...usual, looks: [smaller] } : usual;
  return { usual, quick, thorough: judgedLooks('thorough') };
}

function turnedLooks([, , smallest]: readonly LookSides[]): Efforts {
  const usual = judgedLooks('turned');
  if (!smallest) return { usual };
  const moreLooks = usual.moreLooks.map((look) => ({ ...look, sides: smallest }));
  return { usual, quick: { ...usual, moreLooks } };
}

function judgedLooks(effort: Effort): JudgedLooks {
  const { postprocess } = findModel(loadManifest(), JUDGE);
  if (postprocess.kind !== 'face-judge') throw new TypeError(`${JUDGE}: wrong postprocess`);
  const fusion = postprocess.fusions.find(
    (one) => one.detector === FACE_DETECTOR && one.effort === effort,
  );
  if (!fusion) throw new TypeError(`${JUDGE}: no ${effort} fusion for ${FACE_DETECTOR}`);
  return { looks: fusion.looks, moreLooks: fusion.moreLooks, fusion };
}

async function openJudge(threads: number) {
  const judge = await openModel(JUDGE, { threads });
  const { preprocess, postprocess } = judge.model;
  if (postprocess.kind !== 'face-judge') throw new TypeError(`${JUDGE}: wrong postprocess`);
  const [{ widthPx: sizePx } = { widthPx: 0 }] = preprocess.sizes;
  return { judge, judgeOptions: { sizePx, cropShare: postprocess.cropShare } };
}
