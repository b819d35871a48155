import type { Detection, Look } from '../detector.ts';
import type { I420Planes } from '../frame.ts';
import { clipBox, type Box } from '../geometry.ts';
import { shrunkLuma } from '../resample-luma.ts';
import type { Luma } from '../stroke-cells.ts';
import { strokeRegions } from '../stroke-regions.ts';
import { codeBox } from './code-box.ts';
import type { Engine, Picture } from './engine.ts';
import type { ModelStamp } from './network.ts';

/** Longest side that is searched: a module of a code that can be read has 2 pixels or more. */
const SIDE_PX = 1280;
/**
 * Modules up to 8 pixels wide are strokes, and only where those are is the picture searched at that size: a tenth of a picture of
 * tissue. Larger ones have 2 pixels and more here.
 */
const COARSE_SIDE_PX = 480;
/** A code of modules of 2 pixels has 20 strokes in a cell and more, one of 8 pixels has 8 in each of many cells. */
const STROKES = { leastInCell: 6, leastTogether: 40, marginPx: 24, mostShare: 0.75 } as const;

/** A code that was read, and one that was found but is damaged. */
const READ_SCORE = 1;
const DAMAGED_SCORE = 0.5;
/** Two edges are all that a DataMatrix is found by: damaged ones are mostly none. */
const DAMAGED_MATRIX_SCORE = 0.3;

/** The reader takes no higher number. */
const MAX_CODES = 255;

/** What ZXing-C++ is asked for; its own names. */
export const CODE_READER_OPTIONS = {
  formats: [
    'QRCode',
    'DataMatrix',
    'Aztec',
    'PDF417',
    'Code128',
    'Code39',
    'Code93',
    'Codabar',
    'EANUPC',
    'ITF',
    'DataBar',
    'DataBarExp',
  ],
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  // Two lines of a stripy picture read as a linear code by chance; three hardly.
  minLineCount: 3,
  maxNumberOfSymbols: MAX_CODES,
  returnErrors: true,
} as const;

/** Packed RGBA, the only pixels that the reader takes. */
export interface ReaderImage {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: 'srgb';
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** The part of a reader's answer that tells where a code is; its content is never looked at. */
export interface ReadCode {
  readonly position: {
    readonly topLeft: Corner;
    readonly topRight: Corner;
    readonly bottomLeft: Corner;
    readonly bottomRight: Corner;
  };
  readonly isValid: boolean;
  readonly format: string;
  readonly symbology: string;
}

export interface CodeEngineOptions {
  readonly stamp: ModelStamp;
  /** Reads with CODE_READER_OPTIONS. */
  readonly read: (image: ReaderImage) => Promise<readonly ReadCode[]>;
  /** Formats that are linear bars. */
  readonly linear: ReadonlySet<string>;
}

/** QR, DataMatrix, Aztec, PDF417 and linear codes. */
export function codeEngine(options: CodeEngineOptions): Engine {
  return {
    info: {
      id: 'code-zxing',
      classes: ['code'],
      steps: { low: DAMAGED_MATRIX_SCORE, high: DAMAGED_SCORE },
      models: [options.stamp],
    },
    async warmUp() {
      const sides = { widthPx: 64, heightPx: 64 };
      await options.read(grayImage({ data: new Uint8Array(64 * 64), stride: 64, ...sides }));
    },
    look: (picture) => lookForCodes(picture, options),
    close: () => Promise.resolve(),
  };
}

async function lookForCodes({ planes }: Picture, options: CodeEngineOptions): Promise<Look> {
  const found: Detection[] = [];
  let isFull = false;
  for (const { luma, region } of searched(planes)) {
    const results = await options.read(grayImage(luma));
    isFull ||= results.length >= MAX_CODES;
    const { widthPx, heightPx } = luma;
    const scale = { x: region.w / widthPx, y: region.h / heightPx };
    for (const { position, isValid, format, symbology } of results) {
      const { topLeft, topRight, bottomLeft, bottomRight } = position;
      const corners = [topLeft, topRight, bottomRight, bottomLeft];
      const { x, y, w, h } = codeBox(corners, options.linear.has(format));
      const box = {
        ...{ x: region.x + x * scale.x, y: region.y + y * scale.y },
        ...{ w: w * scale.x, h: h * scale.y },
      };
      const damaged = symbology === 'DataMatrix' ? DAMAGED_MATRIX_SCORE : DAMAGED_SCORE;
      const score = isValid ? READ_SCORE : damaged;
      if (clipBox(box, planes)) found.push({ cls: 'code', box, score });
    }
  }
  const whole = { x: 0, y: 0, w: planes.widthPx, h: planes.heightPx };
  return { detections: found, saturated: isFull ? [whole] : [] };
}

/** What is read: luma, and which part of the picture it shows, in coded pixels. */
interface Searched {
  readonly luma: Luma;
  readonly region: Box;
}

function searched(planes: I420Planes): Searched[] {
  const whole = { x: 0, y: 0, w: planes.widthPx, h: planes.heightPx };
  const fine = shrunkLuma(planes, SIDE_PX);
  const coarse = shrunkLuma(planes, COARSE_SIDE_PX);
  const regions = strokeRegions(fine, STROKES);
  const isWhole = regions.some(({ w, h }) => w === fine.widthPx && h === fine.heightPx);
  if (isWhole || fine.widthPx === coarse.widthPx) return [{ luma: fine, region: whole }];
  const scaleX = planes.widthPx / fine.widthPx;
  const scaleY = planes.heightPx / fine.heightPx;
  const parts = regions.map((part): Searched => {
    const { x, y, w, h } = part;
    const data = fine.data.subarray(y * fine.stride + x);
    const luma = { data, stride: fine.stride, widthPx: w, heightPx: h };
    return { luma, region: { x: x * scaleX, y: y * scaleY, w: w * scaleX, h: h * scaleY } };
  });
  return [{ luma: coarse, region: whole }, ...parts];
}

function grayImage({ data: luma, stride, widthPx: width, heightPx: height }: Luma): ReaderImage {
  const data = new Uint8ClampedArray(4 * width * height);
  const words = new Uint32Array(data.buffer);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const from = y * stride;
    for (let x = 0; x < width; x++) {
      words[to++] = 0xff000000 | ((luma[from + x] as number) * 0x010101);
    }
  }
  return { data, width, height, colorSpace: 'srgb' };
}
