import { findFusion, type FaceFusionSetup, type ManifestModel } from '@drape/models';
import {
  FACE_DETECTOR,
  TURNED_DETECTOR,
  faceEngine,
  type Engine,
  type FaceDetectorId,
  type JudgedLooks,
} from '../../core/index.ts';
import { openModel } from './onnx-session.ts';

const JUDGE = 'face-judge';

/** CenterFace on the whole picture, upright or (`face-turned`) on its sides and its head. */
export async function openFaceEngine(id: FaceDetectorId, threads: number): Promise<Engine> {
  const detector = await openModel(FACE_DETECTOR, { threads });
  const { postprocess } = detector.model;
  if (postprocess.kind !== 'centerface') {
    throw new TypeError(`${FACE_DETECTOR}: wrong postprocess`);
  }
  const judge = await openModel(JUDGE, { threads });
  const looks =
    id === TURNED_DETECTOR
      ? { usual: judgedLooks(judge.model, 'turned') }
      : {
          usual: judgedLooks(judge.model, 'usual'),
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

function judgedLooks(judge: ManifestModel, effort: FaceFusionSetup['effort']): JudgedLooks {
  const fusion = findFusion(judge, { detector: FACE_DETECTOR, effort });
  return { looks: fusion.looks, moreLooks: fusion.moreLooks, fusion };
}

function judgeOptions({ preprocess, postprocess }: ManifestModel) {
  if (postprocess.kind !== 'face-judge') throw new TypeError(`${JUDGE}: wrong postprocess`);
  const [{ widthPx: sizePx } = { widthPx: 0 }] = preprocess.sizes;
  return { sizePx, cropShare: postprocess.cropShare };
}
