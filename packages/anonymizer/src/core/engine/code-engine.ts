import type { Detection, Look } from '../detector.ts';
import type { I420Planes } from '../frame.ts';
import { clipBox, type Box, type Size } from '../geometry.ts';
import { scaleLuma } from '../resample-luma.ts';
import { codeBox } from './code-box.ts';
import type { Engine, Picture } from './engine.ts';
import type { ModelStamp } from './network.ts';

/** Longest side that is searched: a module of a code that can be read has 2 pixels or more. */
const SIDE_PX = 1280;

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
      await options.read(grayImage({ widthPx: 64, heightPx: 64 }));
    },
    look: (picture) => lookForCodes(picture, options),
    close: () => Promise.resolve(),
  };
}

async function lookForCodes({ planes }: Picture, options: CodeEngineOptions): Promise<Look> {
  const scale = Math.min(1, SIDE_PX / Math.max(planes.widthPx, planes.heightPx));
  const size = {
    widthPx: Math.max(1, Math.round(planes.widthPx * scale)),
    heightPx: Math.max(1, Math.round(planes.heightPx * scale)),
  };
  const results = await options.read(grayImage(size, planes));
  const detections = results.flatMap(({ position, isValid, format, symbology }): Detection[] => {
    const { topLeft, topRight, bottomLeft, bottomRight } = position;
    const corners = [topLeft, topRight, bottomRight, bottomLeft];
    const inImage = codeBox(corners, options.linear.has(format));
    const box = scaleBox(inImage, planes.widthPx / size.widthPx, planes.heightPx / size.heightPx);
    const damaged = symbology === 'DataMatrix' ? DAMAGED_MATRIX_SCORE : DAMAGED_SCORE;
    const score = isValid ? READ_SCORE : damaged;
    return clipBox(box, planes) ? [{ cls: 'code', box, score }] : [];
  });
  const whole = { x: 0, y: 0, w: planes.widthPx, h: planes.heightPx };
  return { detections, saturated: results.length >= MAX_CODES ? [whole] : [] };
}

function scaleBox(box: Box, x: number, y: number): Box {
  return { x: box.x * x, y: box.y * y, w: box.w * x, h: box.h * y };
}

/** Black without planes. */
function grayImage(size: Size, planes?: I420Planes): ReaderImage {
  const luma = new Uint8Array(size.widthPx * size.heightPx);
  if (planes) scaleLuma(planes, size, luma);
  const data = new Uint8ClampedArray(4 * luma.length);
  const words = new Uint32Array(data.buffer);
  for (let at = 0; at < luma.length; at++) {
    words[at] = 0xff000000 | ((luma[at] as number) * 0x010101);
  }
  return { data, width: size.widthPx, height: size.heightPx, colorSpace: 'srgb' };
}
