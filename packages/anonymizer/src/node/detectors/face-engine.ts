import {
  capBoxes,
  clipBox,
  decodeCenterFace,
  letterboxRgb,
  suppress,
  turnedSize,
  type Detection,
  type Look,
} from '../../core/index.ts';
import type { Engine, Picture } from './engine.ts';
import { inputSize } from './input-size.ts';
import { openModel } from './onnx-session.ts';

/** More faces than this in one picture are covered by region. */
const MAX_FACES = 300;

/** Seen again at half the score a track lives on; alone it would paint tissue. */
const LOW_SHARE = 0.5;

/** CenterFace on the whole picture. */
export async function openFaceEngine(threads: number): Promise<Engine> {
  const opened = await openModel('face-centerface', { threads });
  const { postprocess, preprocess } = opened.model;
  if (postprocess.kind !== 'centerface') throw new TypeError('face-centerface: wrong postprocess');
  const { stridePx, nmsIou, scoreThreshold } = postprocess;
  const [largest] = preprocess.sizes;
  if (!largest) throw new TypeError('face-centerface: no size');
  const steps = { low: scoreThreshold * LOW_SHARE, high: scoreThreshold };
  const limits = {
    areaPx: largest.widthPx * largest.heightPx,
    sidePx: largest.widthPx,
    multiplePx: preprocess.multiplePx,
    enlarge: 2,
  };
  let input = new Uint8Array(0);

  async function look({ planes, rotationDeg }: Picture): Promise<Look> {
    const size = inputSize(turnedSize(planes, rotationDeg), limits);
    const { widthPx, heightPx } = size;
    const length = 3 * widthPx * heightPx;
    if (input.length !== length) input = new Uint8Array(length);
    const letterbox = letterboxRgb(planes, { ...size, rotationDeg }, input);
    const maps = await opened.run(input, [1, 3, heightPx, widthPx]);
    const { heatmap, scale, offset } = maps;
    if (!heatmap || !scale || !offset) throw new TypeError('face-centerface: an output is missing');
    const cells = { rows: heightPx / stridePx, columns: widthPx / stridePx };
    const proposals = decodeCenterFace(
      { ...cells, heatmap, scale, offset },
      { threshold: steps.low, stridePx },
    );
    const faces = suppress(proposals, nmsIou).flatMap(({ box, score }): Detection[] => {
      const inFrame = letterbox.toFrame(box);
      return clipBox(inFrame, planes) ? [{ cls: 'face', box: inFrame, score }] : [];
    });
    const { kept, saturated } = capBoxes(faces, MAX_FACES, planes);
    return { detections: kept, saturated };
  }

  return {
    info: { id: 'face-centerface', classes: ['face'], steps, models: [opened.stamp] },
    async warmUp() {
      await opened.run(new Uint8Array(3 * limits.areaPx), [
        1,
        3,
        largest.heightPx,
        largest.widthPx,
      ]);
    },
    look,
    close: () => opened.close(),
  };
}
