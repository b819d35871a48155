import { faceEngine, textEngine, type Engine } from '../../core/index.ts';
import { openNetwork, prepareRuntime } from './ort-network.ts';
import type { DetectorStart } from './start.ts';

/** CenterFace and its judge, as in the server, on a smaller input. */
export async function openFaceEngine(start: DetectorStart): Promise<Engine> {
  const { assetsUrl, index } = start;
  const { face } = index;
  await prepareRuntime(start);
  return faceEngine({
    detector: await openNetwork(assetsUrl, face.detector),
    stridePx: face.stridePx,
    looks: face.looks,
    quick: face.quick,
    judged: {
      judge: await openNetwork(assetsUrl, face.judge),
      options: { sizePx: face.judgeSizePx, cropShare: face.cropShare },
      fusion: face.fusion,
    },
    alone: face,
  });
}

/** PP-OCR's text detector, as in the server. */
export async function openTextEngine(start: DetectorStart): Promise<Engine> {
  const { assetsUrl, index } = start;
  const { detector, largest, multiplePx, decode } = index.text;
  await prepareRuntime(start);
  const network = await openNetwork(assetsUrl, detector);
  return textEngine({ network, largest, multiplePx, decode });
}
