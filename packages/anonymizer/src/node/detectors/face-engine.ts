import { findFusion, type FaceFusionSetup, type ManifestModel } from '@drape/models';
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

/** CenterFace on the whole picture, upright or (`face-turned`) on its sides and its head. */
export async function openFaceEngine(id: FaceDetectorId, threads: number): Promise<Engine> {
  const detector = await openModel(FACE_DETECTOR, { threads });
  const { postprocess, preprocess } = detector.model;
  if (postprocess.kind !== 'centerface') {
    throw new TypeError(`${FACE_DETECTOR}: wrong postprocess`);
  }
  const [smaller, smallest] = preprocess.sizes
    .map(({ heightPx, widthPx }) => [heightPx, widthPx] as const)
    .slice(1);
  const judge = await openModel(JUDGE, { threads });
  const looks =
    id === TURNED_DETECTOR
      ? efforts(judgedLooks(judge.model, 'turned'), smallest)
      : {
          ...efforts(judgedLooks(judge.model, 'usual'), smaller),
          thorough: judgedLooks(judge.model, 'thorough'),
        };
  return faceEngine({
    id,
    detector,
    stridePx: postprocess.stridePx,
    judge,
    judgeOptions: judgeOptions(judge.model),
    ...looks,
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
