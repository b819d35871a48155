import { paintFrame } from '@drape/anonymizer/core';
import type { PaintStyle } from '@drape/anonymizer/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BARCODE, barcodeBits, cellLumas, drawBarcode, readBarcode } from './barcode.ts';
import { noisePlanes, regionAt } from './planes.ts';

const STYLES: readonly PaintStyle[] = [
  { kind: 'solid', fill: { r: 0, g: 0, b: 0 } },
  { kind: 'pixelate' },
  { kind: 'blur' },
];
const id = fc.integer({ min: 0, max: 0xffffff });
const place = fc.record({
  x: fc.integer({ min: 0, max: 60 }).map((value) => 2 * value),
  y: fc.integer({ min: 0, max: 60 }).map((value) => 2 * value),
});

describe('a canary token under paint', () => {
  it('is readable where nothing is painted', () => {
    fc.assert(
      fc.property(id, place, (token, at) => {
        const planes = noisePlanes({ widthPx: 720, heightPx: 200 });
        drawBarcode(planes, token, at);
        expect(readBarcode(planes, at)).toBe(token);
      }),
    );
  });

  it.each(STYLES)('can not be read as a face, as text or whole: $kind', (style) => {
    fc.assert(
      fc.property(
        id,
        place,
        fc.constantFrom('face', 'text', 'code', 'region', 'overload', 'undecided'),
        fc.integer({ min: 0, max: 20 }),
        (token, at, covered, marginPx) => {
          const planes = noisePlanes({ widthPx: 720, heightPx: 200 });
          drawBarcode(planes, token, at);
          const box = [
            at.x - marginPx,
            at.y - marginPx,
            BARCODE.cells * BARCODE.cellWidthPx + 2 * marginPx,
            BARCODE.heightPx + 2 * marginPx,
          ] as const;
          const plan =
            covered === 'overload' || covered === 'undecided'
              ? { whole: covered, regions: [] }
              : { whole: undefined, regions: [regionAt(box, covered)] };
          paintFrame(planes, plan, style);
          expect(readBarcode(planes, at)).toBeUndefined();
        },
      ),
    );
  });

  it('tells nothing about its bits as text or code but the ink of all of it', () => {
    for (const kind of ['pixelate', 'blur'] as const) {
      const planes = noisePlanes({ widthPx: 640, heightPx: 64 });
      drawBarcode(planes, 0xabcdef, { x: 16, y: 16 });
      paintFrame(
        planes,
        { whole: undefined, regions: [regionAt([16, 16, 544, 32], 'code')] },
        { kind },
      );
      const lumas = cellLumas(planes, { x: 16, y: 16 });
      expect(new Set(lumas).size).toBe(1);
      expect(barcodeBits(0xabcdef)).toHaveLength(BARCODE.cells);
    }
  });
});
