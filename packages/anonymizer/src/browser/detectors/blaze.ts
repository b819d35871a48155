import { FaceDetector, FilesetResolver } from '@mediapipe/tasks-vision';
import {
  capBoxes,
  clipBox,
  letterboxRgb,
  suppress,
  turnedSize,
  type Detection,
  type Engine,
  type Picture,
} from '../../core/index.ts';
import { MANY_CORES } from '../cores.ts';
import { loadPinned } from '../assets/load.ts';
import type { DetectorStart } from './start.ts';
import { WEBGL_LOST } from './webgl-lost.ts';

/** Longest side of the copy that is looked at: nearly the same faces as at 640, in a third of the time. */
const SIDE_PX = 320;
const MAX_FACES = 100;

/** MediaPipe's BlazeFace, on every frame: quick, and blind to faces that are masked or far away. */
export async function openBlazeEngine({ assetsUrl, index }: DetectorStart): Promise<Engine> {
  // Hashed here, fetched again by the library: from the cache, and from our own origin.
  await loadPinned(assetsUrl, index.vision.wasm);
  const fileset = await FilesetResolver.forVisionTasks(
    new URL(index.vision.folder, assetsUrl).href,
    true,
  );
  const canvas = new OffscreenCanvas(1, 1);
  let lost = false;
  canvas.addEventListener('webglcontextlost', () => {
    lost = true;
  });
  // tasks-vision (0.10.35) takes the factory away once it has used it, and importing its script
  // again does nothing: it is put back for each detector.
  const loaded = globalThis as { ModuleFactory?: unknown };
  await import(fileset.wasmLoaderPath);
  const { ModuleFactory } = loaded;
  const { lowScore, highScore, nmsIou } = index.blaze;
  const detectors: FaceDetector[] = [];
  // With few cores only near faces are looked for here: CenterFace finds the far ones as well.
  const wanted = index.blaze.detectors.slice(navigator.hardwareConcurrency >= MANY_CORES ? 0 : -1);
  for (const pinned of wanted) {
    const modelAssetBuffer = await loadPinned(assetsUrl, pinned);
    loaded.ModuleFactory = ModuleFactory;
    detectors.push(
      await FaceDetector.createFromOptions(fileset, {
        baseOptions: { modelAssetBuffer, delegate: 'CPU' },
        canvas,
        runningMode: 'IMAGE',
        minDetectionConfidence: lowScore,
      }),
    );
  }

  const look = ({ planes, rotationDeg }: Picture) => {
    if (lost) throw new Error(WEBGL_LOST);
    const upright = turnedSize(planes, rotationDeg);
    const scale = Math.min(1, SIDE_PX / Math.max(upright.widthPx, upright.heightPx));
    const widthPx = Math.max(1, Math.round(upright.widthPx * scale));
    const heightPx = Math.max(1, Math.round(upright.heightPx * scale));
    const rgb = new Uint8Array(3 * widthPx * heightPx);
    const { toFrame } = letterboxRgb(planes, { widthPx, heightPx, rotationDeg }, rgb);
    const image = new ImageData(rgbaOf(rgb), widthPx, heightPx);
    const found = detectors
      .flatMap((detector) => detector.detect(image).detections)
      .flatMap(({ boundingBox, categories }): Detection[] => {
        const score = Math.min(1, categories[0]?.score ?? 0);
        if (!boundingBox || score < lowScore) return [];
        const { originX: x, originY: y, width: w, height: h } = boundingBox;
        const box = clipBox(toFrame({ x, y, w, h }), planes);
        return box ? [{ cls: 'face', box, score }] : [];
      })
      .sort((a, b) => b.score - a.score);
    const { kept, saturated } = capBoxes(suppress(found, nmsIou), MAX_FACES, planes);
    return { detections: kept, saturated };
  };

  return {
    info: {
      id: 'face-blaze',
      classes: ['face'],
      steps: { low: lowScore, high: highScore },
      models: wanted.map(({ id, sha256 }) => ({ id, sha256 })),
    },
    warmUp() {
      const black = new ImageData(SIDE_PX, (SIDE_PX * 9) / 16);
      for (const detector of detectors) detector.detect(black);
      return Promise.resolve();
    },
    look: (picture) => Promise.resolve(look(picture)),
    close() {
      for (const detector of detectors) detector.close();
      return Promise.resolve();
    },
  };
}

function rgbaOf(rgb: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = rgb.length / 3;
  const rgba = new Uint8ClampedArray(4 * pixels);
  const words = new Uint32Array(rgba.buffer);
  for (let at = 0; at < pixels; at++) {
    const r = rgb[at] as number;
    const g = rgb[pixels + at] as number;
    const b = rgb[2 * pixels + at] as number;
    words[at] = 0xff000000 | (b << 16) | (g << 8) | r;
  }
  return rgba;
}
