import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  LINEAR_BARCODE_FORMATS,
  prepareZXingModule,
  readBarcodes,
  type ReaderOptions,
} from 'zxing-wasm/reader';
import {
  clipBox,
  scaleLuma,
  type Box,
  type Detection,
  type I420Planes,
  type Look,
  type Size,
} from '../../core/index.ts';
import { codeBox } from './code-box.ts';
import type { Engine, Picture } from './engine.ts';

/** Longest side that is searched: a module of a code that can be read has 2 pixels or more. */
const SIDE_PX = 1280;

/** A code that was read, and one that was found but is damaged. */
const READ_SCORE = 1;
const DAMAGED_SCORE = 0.5;
/** Two edges are all that a DataMatrix is found by: damaged ones are mostly none. */
const DAMAGED_MATRIX_SCORE = 0.3;

/** The reader takes no higher number. */
const MAX_CODES = 255;

const OPTIONS: ReaderOptions = {
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
};

const LINEAR: ReadonlySet<string> = new Set(LINEAR_BARCODE_FORMATS);

/** QR, DataMatrix, Aztec, PDF417 and linear codes, read by ZXing-C++ in WebAssembly. */
export async function openCodeEngine(): Promise<Engine> {
  const bytes = await readFile(
    fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')),
  );
  // Given as bytes it is never fetched; the package's own default is a CDN.
  const wasmBinary = Uint8Array.from(bytes).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  const sha256 = createHash('sha256').update(bytes).digest('hex');

  return {
    info: {
      id: 'code-zxing',
      classes: ['code'],
      steps: { low: DAMAGED_MATRIX_SCORE, high: DAMAGED_SCORE },
      models: [{ id: 'zxing-reader', sha256 }],
    },
    async warmUp() {
      await readBarcodes(grayImage({ widthPx: 64, heightPx: 64 }), OPTIONS);
    },
    look: lookForCodes,
    close: () => Promise.resolve(),
  };
}

async function lookForCodes({ planes }: Picture): Promise<Look> {
  const scale = Math.min(1, SIDE_PX / Math.max(planes.widthPx, planes.heightPx));
  const size = {
    widthPx: Math.max(1, Math.round(planes.widthPx * scale)),
    heightPx: Math.max(1, Math.round(planes.heightPx * scale)),
  };
  const results = await readBarcodes(grayImage(size, planes), OPTIONS);
  const detections = results.flatMap(({ position, isValid, format, symbology }): Detection[] => {
    const { topLeft, topRight, bottomLeft, bottomRight } = position;
    const inImage = codeBox([topLeft, topRight, bottomRight, bottomLeft], LINEAR.has(format));
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

/** RGBA, the only pixels that the reader takes; black without planes. */
function grayImage(size: Size, planes?: I420Planes) {
  const luma = new Uint8Array(size.widthPx * size.heightPx);
  if (planes) scaleLuma(planes, size, luma);
  const data = new Uint8ClampedArray(4 * luma.length);
  const words = new Uint32Array(data.buffer);
  for (let at = 0; at < luma.length; at++) {
    words[at] = 0xff000000 | ((luma[at] as number) * 0x010101);
  }
  return { data, width: size.widthPx, height: size.heightPx, colorSpace: 'srgb' as const };
}
