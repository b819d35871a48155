import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { prepareZXingModule, writeBarcode, type WriteInputBarcodeFormat } from 'zxing-wasm/writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coveredShare, type Detector } from '@drape/anonymizer/core';
import { openDetectors } from '@drape/anonymizer/node';
import { blankPlanes, drawFrame, drawGradient } from '@drape/anonymizer/testing';

const CODES: readonly [format: WriteInputBarcodeFormat, text: string][] = [
  ['QRCode', 'PAT 0123456789'],
  ['DataMatrix', 'PAT 0123456789'],
  ['Aztec', 'PAT 0123456789'],
  ['PDF417', 'PAT 0123456789'],
  ['Code128', 'PAT0123456789'],
  ['Code39', 'PAT0123456789'],
  ['EAN13', '4006381333931'],
  ['ITF', '0123456789'],
];

describe('code-zxing', () => {
  let detector: Detector | undefined;

  beforeAll(async () => {
    const file = fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm'));
    const wasmBinary = Uint8Array.from(readFileSync(file)).buffer;
    await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
    [detector] = await openDetectors(['code-zxing'], { threads: 1 });
  });
  afterAll(() => detector?.close());

  it.each(CODES)('covers %s, level and upright', async (format, text) => {
    for (const turn of [0, 90] as const) {
      expect(
        await coverOf(format, { text, turn, modulePx: 3 }),
        `turned by ${turn}`,
      ).toBeGreaterThan(0.95);
    }
  });

  // Up to 8 pixels a module is a stroke, for which parts of the picture are searched; from 6 it shows in all of it, shrunk.
  it.each([2, 5, 6, 7, 8, 9, 12, 20])(
    'covers codes with modules of %i pixels',
    async (modulePx) => {
      for (const [format, text] of CODES.slice(0, 3)) {
        expect(await coverOf(format, { text, turn: 0, modulePx }), format).toBeGreaterThan(0.95);
      }
    },
  );

  const coverOf = async (...code: Parameters<typeof frameWith>): Promise<number> => {
    const { frame, bars } = await frameWith(...code);
    const look = await detector?.look(frame);
    return Math.max(0, ...(look?.detections ?? []).map(({ box }) => coveredShare(bars, box)));
  };
});

/** A code with its quiet zone on a gradient, and where its dark parts are. */
async function frameWith(
  format: WriteInputBarcodeFormat,
  { text, turn, modulePx }: { text: string; turn: 0 | 90; modulePx: number },
) {
  const { image, error } = await writeBarcode(text, { format, scale: modulePx });
  if (!image) throw new Error(`no picture of ${format}: ${error}`);
  const { data, info } = await sharp(Buffer.from(await image.arrayBuffer()))
    .flatten({ background: '#fff' })
    .greyscale()
    .rotate(turn)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const planes = blankPlanes({ widthPx: 1280, heightPx: 720 });
  drawGradient(planes);
  const [left, top] = [200, 50];
  const dark = { left: Infinity, top: Infinity, right: 0, bottom: 0 };
  for (let y = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      const grey = data[(y * info.width + x) * info.channels] ?? 0;
      planes.y[(top + y) * planes.strideY + left + x] = 16 + (grey * 219) / 255;
      if (grey > 128) continue;
      dark.left = Math.min(dark.left, left + x);
      dark.right = Math.max(dark.right, left + x + 1);
      dark.top = Math.min(dark.top, top + y);
      dark.bottom = Math.max(dark.bottom, top + y + 1);
    }
  }
  const bars = { x: dark.left, y: dark.top, w: dark.right - dark.left, h: dark.bottom - dark.top };
  return { frame: drawFrame(planes), bars };
}
