import { capBoxes } from '../decode/cap.ts';
import { decodeDbText, type TextLine } from '../decode/db-text.ts';
import type { Detection, Look } from '../detector.ts';
import { clipBox, type Box, type Size } from '../geometry.ts';
import { letterboxRgb, turnedSize } from '../resample.ts';
import type { Engine, Picture } from './engine.ts';
import { inputSize } from './input-size.ts';
import type { Network } from './network.ts';
import { continues, isLevel, onTissue } from './text-doubt.ts';

/** More lines than this in one picture are covered by region. */
const MAX_LINES = 400;

/** Score of a doubtful line: it keeps a track alive and starts none by itself. */
const DOUBTFUL = 0.4;

export interface TextEngineOptions {
  readonly network: Network;
  /** Largest input: its area and its longer side bind, its shape follows the picture. */
  readonly largest: Size;
  /** Input sides are multiples of this, in pixels. */
  readonly multiplePx: number;
  /** As in DbTextOptions. */
  readonly decode: {
    readonly bitmapThreshold: number;
    readonly boxThreshold: number;
    readonly unclipRatio: number;
    readonly minSidePx: number;
  };
}

/** A differentiable-binarization text network on the whole picture. Owns its network. */
export function textEngine({ network, largest, multiplePx, decode }: TextEngineOptions): Engine {
  const steps = { low: decode.boxThreshold * DOUBTFUL, high: decode.boxThreshold };
  const limits = {
    areaPx: largest.widthPx * largest.heightPx,
    longPx: Math.max(largest.widthPx, largest.heightPx),
    shortPx: Infinity,
    multiplePx,
    enlarge: 2,
  };
  let input = new Uint8Array(0);

  const look = async ({ planes, rotationDeg }: Picture): Promise<Look> => {
    const size = inputSize(turnedSize(planes, rotationDeg), limits);
    const { widthPx, heightPx } = size;
    const length = 3 * widthPx * heightPx;
    if (input.length !== length) input = new Uint8Array(length);
    const letterbox = letterboxRgb(planes, { ...size, rotationDeg }, input);
    const { probability } = await network.run(input, [1, 3, heightPx, widthPx]);
    if (!probability) throw new TypeError(`${network.stamp.id}: the output is missing`);
    const lines = decodeDbText(probability, { ...decode, rows: heightPx, columns: widthPx });
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
    info: { id: 'text-ppocr', classes: ['text'], steps, models: [network.stamp] },
    async warmUp() {
      const { widthPx, heightPx } = largest;
      await network.run(new Uint8Array(3 * limits.areaPx), [1, 3, heightPx, widthPx]);
    },
    look,
    close: () => network.close(),
  };
}

/** Neither a level line nor a part of one. */
function isDoubtful({ core }: TextLine, level: readonly Box[]): boolean {
  return !isLevel(core) && !level.some((line) => continues(core, line));
}
