import { findModel, loadManifest } from '@drape/models';
import type { Bundle } from './bundle.ts';
import type { AssetFolder } from './copy.ts';

/**
 * Input of CenterFace in the browser, short and long side in pixels: in WebAssembly half the time
 * of the server's 384×640, and .97 of the small faces (models/cards/face-centerface.md).
 */
const FACE_SIDES = [256, 448];
/** Of a machine that is behind: .91 of the small faces. */
const QUICK_FACE_SIDES = [192, 352];

/** Copies what the workers load, and gives the index that they read it by. */
export async function indexOf(folder: AssetFolder, workers: Bundle): Promise<object> {
  const manifest = loadManifest();
  const centerface = findModel(manifest, 'face-centerface').postprocess;
  const judge = findModel(manifest, 'face-judge');
  const text = findModel(manifest, 'text-det');
  const blaze = findModel(manifest, 'face-blaze-full').postprocess;
  if (
    centerface.kind !== 'centerface' ||
    judge.postprocess.kind !== 'face-judge' ||
    text.postprocess.kind !== 'db-text' ||
    blaze.kind !== 'mediapipe-face'
  ) {
    throw new TypeError(
      'models/manifest.json: a model has another postprocess than the browser knows',
    );
  }
  const { fusions, cropShare } = judge.postprocess;
  const fusionFor = (effort: string): (typeof fusions)[number] => {
    const fusion = fusions.find(
      (one) => one.detector === 'face-centerface' && one.effort === effort,
    );
    if (fusion) return fusion;
    throw new TypeError(`models/manifest.json: the judge has no fusion for ${effort} looks`);
  };
  const turnedLooks = (sides: readonly number[]): object => {
    const fusion = fusionFor('turned');
    return { looks: [], moreLooks: fusion.moreLooks.map((look) => ({ ...look, sides })), fusion };
  };
  return {
    schema: 'drape.edge-assets/1',
    workers,
    runtime: {
      script: (
        await folder.packaged(
          'onnxruntime-web',
          'onnxruntime-web/dist/ort-wasm-simd-threaded.mjs',
          'runtime/ort-wasm-simd-threaded.mjs',
        )
      ).file,
      wasm: await folder.packaged(
        'onnxruntime-web',
        'onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
        'runtime/ort-wasm-simd-threaded.wasm',
      ),
    },
    vision: {
      folder: 'vision',
      script: (
        await folder.packaged(
          'tasks-vision',
          '@mediapipe/tasks-vision/wasm/vision_wasm_module_internal.js',
          'vision/vision_wasm_module_internal.js',
        )
      ).file,
      wasm: await folder.packaged(
        'tasks-vision',
        '@mediapipe/tasks-vision/wasm/vision_wasm_module_internal.wasm',
        'vision/vision_wasm_module_internal.wasm',
      ),
    },
    face: {
      // fp32: in WebAssembly int8 is slower. The judge is int8 everywhere.
      detector: await folder.model('face-centerface', 'fp32'),
      stridePx: centerface.stridePx,
      scoreThreshold: centerface.scoreThreshold,
      nmsIou: centerface.nmsIou,
      judge: await folder.model('face-judge'),
      judgeSizePx: judge.preprocess.sizes[0]?.widthPx,
      cropShare,
      upright: {
        usual: { looks: [FACE_SIDES], moreLooks: [], fusion: fusionFor('usual') },
        quick: { looks: [QUICK_FACE_SIDES], moreLooks: [], fusion: fusionFor('usual') },
      },
      turned: {
        usual: turnedLooks(FACE_SIDES),
        quick: turnedLooks(QUICK_FACE_SIDES),
      },
    },
    blaze: {
      detectors: [await folder.model('face-blaze-full'), await folder.model('face-blaze-short')],
      lowScore: blaze.lowScore,
      highScore: blaze.highScore,
      nmsIou: blaze.nmsIou,
    },
    text: {
      detector: await folder.model('text-det'),
      largest: text.preprocess.sizes[0],
      multiplePx: text.preprocess.multiplePx,
      decode: text.postprocess,
    },
    code: {
      reader: await folder.packaged(
        'zxing-reader',
        'zxing-wasm/dist/reader/zxing_reader.wasm',
        'codes/zxing_reader.wasm',
      ),
    },
  };
}
