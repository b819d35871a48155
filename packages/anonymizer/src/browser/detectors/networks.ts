import {
  HEAD_DETECTOR,
  TURNED_DETECTOR,
  boxEngine,
  centerFaceBoxes,
  faceEngine,
  textEngine,
  type Engine,
  type FaceDetectorId,
} from '../../core/index.ts';
import { openNetwork, prepareRuntime } from './ort-network.ts';
import type { DetectorStart } from './start.ts';

/** CenterFace and its judge, as in the server, on a smaller input: upright, or on its sides. */
export async function openFaceEngine(id: FaceDetectorId, start: DetectorStart): Promise<Engine> {
  const { assetsUrl, index } = start;
  const { face } = index;
  const usual = id === TURNED_DETECTOR ? face.turned : face.upright;
  await prepareRuntime(start);
  return faceEngine({
    id,
    detector: await openNetwork(assetsUrl, face.detector),
    stridePx: face.stridePx,
    judge: await openNetwork(assetsUrl, face.judge),
    judgeOptions: { sizePx: face.judgeSizePx, cropShare: face.cropShare },
    usual,
  });
}

/** Whole heads, as in the server, on a smaller input. */
export async function openHeadEngine(start: DetectorStart): Promise<Engine> {
  const { assetsUrl, index } = start;
  const { detector, ...how } = index.head;
  await prepareRuntime(start);
  const network = await openNetwork(assetsUrl, detector);
  return boxEngine({ id: HEAD_DETECTOR, cls: 'head', network, decode: centerFaceBoxes, ...how });
}

/** PP-OCR's text detector, as in the server. */
export async function openTextEngine(start: DetectorStart): Promise<Engine> {
  const { assetsUrl, index } = start;
  const { detector, largest: usual, multiplePx, decode } = index.text;
  await prepareRuntime(start);
  const network = await openNetwork(assetsUrl, detector);
  return textEngine({ network, usual, multiplePx, decode });
}
