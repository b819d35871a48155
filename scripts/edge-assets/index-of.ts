import { atSides } from '@drape/anonymizer/core';
import { findFusion, findModel, loadManifest, type FaceFusionSetup } from '@drape/models';
import type { Bundle } from './bundle.ts';
import type { AssetFolder } from './copy.ts';

/**
 * Input of CenterFace in the browser, short and long side in pixels: in WebAssembly half the time
 * of the server's 384×640, and .97 of the small faces (models/cards/face-centerface.md).
 */
const FACE_SIDES = [256, 448] as const;

/** Copies what the workers load, and gives the index that they read it by. */
export async function indexOf(folder: AssetFolder, workers: Bundle): Promise<object> {
  const manifest = loadManifest();
  const centerface = findModel(manifest, 'face-centerface').postprocess;
  const head = findModel(manifest, 'head-centerface').postprocess;
  const judge = findModel(manifest, 'face-judge');
  const text = findModel(manifest, 'text-det');
  const blaze = findModel(manifest, 'face-blaze-full').postprocess;
  if (
    centerface.kind !== 'centerface' ||
    head.kind !== 'centerface' ||
    judge.postprocess.kind !== 'face-judge' ||
    text.postprocess.kind !== 'db-text' ||
    blaze.kind !== 'mediapipe-face'
  ) {
    throw new TypeError(
      'models/manifest.json: a model has another postprocess than the browser knows',
    );
  }
  const looksOf = (effort: FaceFusionSetup['effort']): object => {
    const fusion = findFusion(judge, { detector: 'face-centerface', effort });
    const usual = { looks: fusion.looks, moreLooks: fusion.moreLooks, fusion };
    return atSides(usual, FACE_SIDES);
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
      judge: await folder.model('face-judge'),
      judgeSizePx: judge.preprocess.sizes[0]?.widthPx,
      cropShare: judge.postprocess.cropShare,
      upright: looksOf('usual'),
      turned: looksOf('turned'),
    },
    head: {
      detector: await folder.model('head-centerface'),
      stridePx: head.stridePx,
      nmsIou: head.nmsIou,
      steps: { low: head.proposalThreshold, high: head.scoreThreshold },
      sides: FACE_SIDES,
    },
    blaze: {
      detectors: [await folder.model('face-blaze-full'), await folder.model('face-blaze-short')],
      lowScore: blaze.lowScore,
      highScore: blaze.highScore,
      nmsIou: blaze.nmsIou,
    },
    text: {
      detector: await folder.model('text-det', 'fp32'),
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
