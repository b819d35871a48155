import { loadManifest, type FaceFusionSetup } from '@drape/models';
import {
  FACE_DETECTOR,
  faceEngine,
  type Engine,
  type FaceEngineOptions,
  type LookEffort,
} from '../../core/index.ts';
import { openModel } from './onnx-session.ts';

const JUDGE = 'face-judge';

/**
 * CenterFace on the whole picture. Where the manifest has a judge, it proposes at the low
 * threshold of the judge's fusion, and every proposal is judged.
 */
export async function openFaceEngine(threads: number): Promise<Engine> {
  const hasJudge = loadManifest().models.some((model) => model.id === JUDGE);
  const detector = await openModel(FACE_DETECTOR, { threads });
  const { postprocess, preprocess } = detector.model;
  if (postprocess.kind !== 'centerface') {
    throw new TypeError(`${FACE_DETECTOR}: wrong postprocess`);
  }
  const { stridePx, scoreThreshold, nmsIou } = postprocess;
  const alone = { scoreThreshold, nmsIou };
  const looks = preprocess.sizes.map(({ heightPx, widthPx }) => [heightPx, widthPx] as const);
  if (hasJudge) {
    const judged = await openJudge(threads);
    const quick = looks.slice(1, 2);
    return faceEngine({ detector, stridePx, looks: judged.looks, quick, judged, alone });
  }
  return faceEngine({ detector, stridePx, looks, alone });
}

async function openJudge(
  threads: number,
): Promise<NonNullable<FaceEngineOptions['judged']> & Pick<FaceEngineOptions, 'looks'>> {
  const judge = await openModel(JUDGE, { threads });
  const { preprocess, postprocess } = judge.model;
  if (postprocess.kind !== 'face-judge') throw new TypeError(`${JUDGE}: wrong postprocess`);
  const [{ widthPx: sizePx } = { widthPx: 0 }] = preprocess.sizes;
  const fusionFor = (effort: LookEffort): FaceFusionSetup | undefined =>
    postprocess.fusions.find((one) => one.detector === FACE_DETECTOR && one.effort === effort);
  const fusion = fusionFor('usual');
  if (!fusion) throw new TypeError(`${JUDGE}: no fusion for ${FACE_DETECTOR}`);
  const options = { sizePx, cropShare: postprocess.cropShare };
  const usual = { judge, options, fusion, looks: fusion.looks };
  const single = fusionFor('thorough');
  return single ? { ...usual, thorough: { ...single, fusion: single } } : usual;
}
