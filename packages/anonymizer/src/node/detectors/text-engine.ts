import {
  capBoxes,
  clipBox,
  decodeDbText,
  letterboxRgb,
  turnedSize,
  type Box,
  type Detection,
  type Look,
  type TextLine,
} from '../../core/index.ts';
import type { Engine, Picture } from './engine.ts';
import { inputSize } from './input-size.ts';
import { openModel } from './onnx-session.ts';
import { continues, isLevel, onTissue } from './text-doubt.ts';

/** More lines than this in one picture are covered by region. */
const MAX_LINES = 400;

/** Score of a doubtful line: it keeps a track alive and starts none by itself. */
const DOUBTFUL = 0.4;

/** PP-OCR's text detector on the whole picture. */
export async function openTextEngine(threads: number): Promise<Engine> {
  const opened = await openModel('text-det', { threads });
  const { postprocess, preprocess } = opened.model;
  if (postprocess.kind !== 'db-text') throw new TypeError('text-det: wrong postprocess');
  const [largest] = preprocess.sizes;
  if (!largest) throw new TypeError('text-det: no size');
  const steps = { low: postprocess.boxThreshold * DOUBTFUL, high: postprocess.boxThreshold };
  const limits = {
    areaPx: largest.widthPx * largest.heightPx,
    longPx: largest.widthPx,
    shortPx: Infinity,
    multiplePx: preprocess.multiplePx,
    enlarge: 2,
  };
  let input = new Uint8Array(0);

  const look = async ({ planes, rotationDeg }: Picture): Promise<Look> => {
    const size = inputSize(turnedSize(planes, rotationDeg), limits);
    const { widthPx, heightPx } = size;
    const length = 3 * widthPx * heightPx;
    if (input.length !== length) input = new Uint8Array(length);
    const letterbox = letterboxRgb(planes, { ...size, rotationDeg }, input);
    const { probability } = await opened.run(input, [1, 3, heightPx, widthPx]);
    if (!probability) throw new TypeError('text-det: the output is missing');
    const lines = decodeDbText(probability, { ...postprocess, rows: heightPx, columns: widthPx });
    const level = lines.filter((line) => isLevel(line.core)).map((line) => line.core);
    const found = lines.flatMap((line): Detection[] => {
      const box = letterbox.toFrame(line.box);
      if (!clipBox(box, planes)) return [];
      const doubtful = isDoubtful(line, level) && onTissue(planes, box);
      return [{ cls: 'text', box, score: doubtful ? line.score * DOUBTFUL : line.score }];
    });
    const bestFirst = found.sort((a, b) => b.score - a.score);
    const { kept, saturated } = capBoxes(bestFirst, MAX_LINES, planes);
    return { detections: kept, saturated };
  };

  return {
    info: { id: 'text-ppocr', classes: ['text'], steps, models: [opened.stamp] },
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

/** Neither a level line nor a part of one. */
function isDoubtful({ core }: TextLine, level: readonly Box[]): boolean {
  return !isLevel(core) && !level.some((line) => continues(core, line));
}
