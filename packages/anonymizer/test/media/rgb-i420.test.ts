import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryFrameBuffer } from '@drape/anonymizer/node';
import { i420ToRgb, rgbToI420 } from '../../src/node/media/rgb-i420.ts';

describe('RGB and I420', () => {
  test('a plain colour comes back within rounding, at any size', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const side = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte), side, side, (colour, widthPx, heightPx) => {
        const rgb = new Uint8Array(widthPx * heightPx * 3).map((_, i) => colour[i % 3] ?? 0);
        const planes = new MemoryFrameBuffer({ widthPx, heightPx }).write();
        rgbToI420(rgb, planes);
        const worst = i420ToRgb(planes).reduce(
          (most, value, i) => Math.max(most, Math.abs(value - (rgb[i] ?? 0))),
          0,
        );
        expect(worst).toBeLessThanOrEqual(2);
      }),
    );
  });

  test('known colours (ITU-T T.871)', () => {
    const planes = new MemoryFrameBuffer({ widthPx: 2, heightPx: 2 }).write();
    const known = [
      [
        [255, 255, 255],
        [255, 128, 128],
      ],
      [
        [0, 0, 0],
        [0, 128, 128],
      ],
      [
        [255, 0, 0],
        [76, 85, 255],
      ],
      [
        [0, 0, 255],
        [29, 255, 107],
      ],
    ] as const;
    for (const [rgb, [y, u, v]] of known) {
      rgbToI420(new Uint8Array([...rgb, ...rgb, ...rgb, ...rgb]), planes);
      expect([planes.y[0], planes.u[0], planes.v[0]]).toEqual([y, u, v]);
    }
  });
});
