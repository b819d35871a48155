import { findFusion, loadManifest, type FaceFusionSetup, type ManifestModel } from '@drape/models';
import {
  FACE_DETECTOR,
  TURNED_DETECTOR,
  atSides,
  faceEngine,
  type Engine,
  type FaceDetectorId,
  type JudgedLooks,
  type LookSides,
} from '../../core/index.ts';
import { openModel } from './onnx-session.ts';

const JUDGE = 'face-judge';

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
  const judge = await openModel(JUDGE, { threads });
  const [smaller, smallest] = looks.slice(1);
  const judged =
    id === TURNED_DETECTOR
      ? efforts(judgedLooks(judge.model, 'turned'), smallest)
      : {
          ...efforts(judgedLooks(judge.model, 'usual'), smaller),
          thorough: judgedLooks(judge.model, 'thorough'),
        };
  const options = judgeOptions(judge.model);
  return faceEngine({
    id,
    detector,
    stridePx,
    looks,
    judged: { judge, options, ...judged },
    alone,
  });
}

/** The usual looks, and those of a stream that is behind where there is an input for them. */
function efforts(usual: JudgedLooks, quickSides: LookSides | undefined) {
  return quickSides ? { usual, quick: atSides(usual, quickSides) } : { usual };
}

function judgedLooks(judge: ManifestModel, effort: FaceFusionSetup['effort']): JudgedLooks {
  const fusion = findFusion(judge, { detector: FACE_DETECTOR, effort });
  return { looks: fusion.looks, moreLooks: fusion.moreLooks, fusion };
}

function judgeOptions({ preprocess, postprocess }: ManifestModel) {
  if (postprocess.kind !== 'face-judge') throw new TypeError(`${JUDGE}: wrong postprocess`);
  const [{ widthPx: sizePx } = { widthPx: 0 }] = preprocess.sizes;
  return { sizePx, cropShare: postprocess.cropShare };
}
