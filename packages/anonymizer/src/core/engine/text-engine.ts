import { capBoxes } from '../decode/cap.ts';
import { decodeDbText, type TextLine } from '../decode/db-text.ts';
import type { Detection, Look, LookEffort } from '../detector.ts';
import { coveredShare, sizeArea, type Box, type Size } from '../geometry.ts';
import { letterboxRgb, regionRgb, turnedSize } from '../resample.ts';
import type { Engine, Picture } from './engine.ts';
import { inputSize } from './input-size.ts';
import type { Network } from './network.ts';
import { strokeParts } from './stroke-parts.ts';
import { continues, isFlat, isLevel, onTissue } from './text-doubt.ts';

/** More lines than this in one picture are covered by region. */
const MAX_LINES = 400;

/** Score of a doubtful line: it keeps a track alive and starts none by itself. */
const DOUBTFUL = 0.4;

export interface TextEngineOptions {
  readonly network: Network;
  /** Largest input of the usual look: its area and its longer side bind, its shape follows the picture. */
  readonly usual: Size;
  /** The same of a look for small print, which is as large as the picture at most. None where it is left out. */
  readonly fine?: Size;
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
export function textEngine(options: TextEngineOptions): Engine {
  const { network, usual, fine = usual, multiplePx, decode } = options;
  const steps = { low: decode.boxThreshold * DOUBTFUL, high: decode.boxThreshold };
  let input = new Uint8Array(0);

  const lookAt = async (
    { planes }: Picture,
    { widthPx, heightPx }: Size,
    draw: (image: Uint8Array) => (box: Box) => Box,
  ): Promise<Detection[]> => {
    const length = 3 * widthPx * heightPx;
    if (input.length < length) input = new Uint8Array(length);
    const image = input.subarray(0, length);
    const toFrame = draw(image);
    const { probability } = await network.run(image, [1, 3, heightPx, widthPx]);
    if (!probability) throw new TypeError(`${network.stamp.id}: the output is missing`);
    const lines = decodeDbText(probability, { ...decode, rows: heightPx, columns: widthPx });
    const level = lines.filter((line) => isLevel(line.core)).map((line) => line.core);
    return lines.flatMap((line): Detection[] => {
      const box = toFrame(line.box);
      if (isFlat(planes, box)) return [];
      const doubtful = isDoubtful(line, level) && onTissue(planes, box);
      return [{ cls: 'text', box, score: doubtful ? line.score * DOUBTFUL : line.score }];
    });
  };

  const lookAtWhole = (picture: Picture, size: Size): Promise<Detection[]> => {
    const { planes, rotationDeg } = picture;
    const target = { ...size, rotationDeg };
    return lookAt(picture, size, (image) => letterboxRgb(planes, target, image).toFrame);
  };

  /** Only where there are strokes: small print has them, and most of a picture of tissue does not. */
  const lookAtStrokes = async (picture: Picture, size: Size): Promise<Detection[]> => {
    const { planes, rotationDeg } = picture;
    const found: Detection[] = [];
    for (const part of strokeParts(picture, size, multiplePx)) {
      const { region, size: partSize } = part;
      const drawn = { region, size: partSize, rotationDeg };
      found.push(...(await lookAt(picture, partSize, (image) => regionRgb(planes, drawn, image))));
    }
    return found;
  };

  const look = async (picture: Picture, effort: LookEffort): Promise<Look> => {
    const found: Detection[] = [];
    const add = (lines: readonly Detection[]): void => {
      for (const line of lines) {
        if (!found.some((other) => isKnown(line, other))) found.push(line);
      }
    };
    const { small, large } = sizesOf(turnedSize(picture.planes, picture.rotationDeg));
    if (effort !== 'fine' || !large) add(await lookAtWhole(picture, small));
    if (large && effort === 'thorough') add(await lookAtWhole(picture, large));
    else if (large && effort !== 'usual') add(await lookAtStrokes(picture, large));
    const bestFirst = found.sort((a, b) => b.score - a.score);
    const { kept, saturated } = capBoxes(bestFirst, MAX_LINES, picture.planes);
    return { detections: kept, saturated };
  };

  /** The usual input, and the large one where a picture has more pixels than the usual one shows. */
  const sizesOf = (picture: Size): { readonly small: Size; readonly large?: Size } => {
    const small = inputSize(picture, { ...limitsOf(usual), multiplePx, enlarge: 2 });
    const large = inputSize(picture, { ...limitsOf(fine), multiplePx, enlarge: 1 });
    return sizeArea(large) < FINE_FROM * sizeArea(small) ? { small } : { small, large };
  };

  return {
    info: { id: 'text-ppocr', classes: ['text'], steps, models: [network.stamp] },
    async warmUp() {
      const { widthPx, heightPx } = usual;
      await network.run(new Uint8Array(3 * sizeArea(usual)), [1, 3, heightPx, widthPx]);
    },
    look,
    close: () => network.close(),
  };
}

/** A larger input than the usual one by less than this shows nothing more. */
const FINE_FROM = 1.3;
/** A line that lies this far under one that another look saw at least as surely is that one. */
const SAME_SHARE = 0.8;

function isKnown(line: Detection, other: Detection): boolean {
  return other.score >= line.score && coveredShare(line.box, other.box) >= SAME_SHARE;
}

function limitsOf(largest: Size) {
  const longPx = Math.max(largest.widthPx, largest.heightPx);
  return { areaPx: sizeArea(largest), longPx, shortPx: Infinity };
}

/** Neither a level line nor a part of one. */
function isDoubtful({ core }: TextLine, level: readonly Box[]): boolean {
  return !isLevel(core) && !level.some((line) => continues(core, line));
}
