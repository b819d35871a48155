import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cropRgb,
  judgeSquare,
  letterboxRgb,
  regionRgb,
  TurnedLetterboxes,
  turnedSize,
  type RotationDeg,
} from '@drape/anonymizer/core';
import { blankPlanes, drawBox, drawNoise, paintPlanes } from '@drape/anonymizer/testing';
import { goldenCrops } from './golden-crops.ts';
import { referencePixel, turnPixel } from './reference.ts';

const rotation = fc.constantFrom<RotationDeg>(0, 90, 180, 270);
const side = fc.integer({ min: 1, max: 97 });

const noisyPlanes = fc
  .record({
    widthPx: side,
    heightPx: side,
    padding: fc.integer({ min: 0, max: 5 }),
    seed: fc.integer({ min: 1 }),
    fullRange: fc.boolean(),
    matrix: fc.constantFrom('bt601' as const, 'bt709' as const, 'bt2020' as const),
  })
  .map(({ padding, seed, fullRange, matrix, ...size }) => {
    const planes = { ...blankPlanes(size, { padding }), fullRange, matrix };
    drawNoise(planes, seed);
    return planes;
  });

/**
 * Weights are rounded to 1/256: each of n taps per axis is off by up to 1/256 of 255 grey
 * values, and the colour matrix adds up to two channels' errors.
 */
const TOLERANCE = 6;

describe('letterboxRgb()', () => {
  it('equals the slow reference for every size, rotation, range and matrix', () => {
    fc.assert(
      fc.property(noisyPlanes, side, side, rotation, (planes, widthPx, heightPx, rotationDeg) => {
        const out = new Uint8Array(3 * widthPx * heightPx).fill(77);
        const letterbox = letterboxRgb(planes, { widthPx, heightPx, rotationDeg }, out);
        const coded = turnedSize(letterbox.content, rotationDeg);
        const region = { x: 0, y: 0, w: planes.widthPx, h: planes.heightPx };
        let worst = 0;
        for (let y = 0; y < coded.heightPx; y++) {
          for (let x = 0; x < coded.widthPx; x++) {
            const wanted = referencePixel(planes, region, { x, y, size: coded, outside: 'repeat' });
            const at = turnPixel({ x, y }, coded, rotationDeg);
            wanted.forEach((value, channel) => {
              const place = (channel * heightPx + at.y) * widthPx + at.x;
              worst = Math.max(worst, Math.abs((out[place] ?? NaN) - value));
            });
          }
        }
        expect(worst).toBeLessThanOrEqual(TOLERANCE);
      }),
      { numRuns: 150 },
    );
  });

  it('reads no row padding where the last chroma pair hangs over the picture', () => {
    const size = { widthPx: 78, heightPx: 1 };
    const planes = blankPlanes(size, { padding: 2 });
    for (const [plane, stride] of [
      [planes.u, planes.strideU],
      [planes.v, planes.strideV],
    ] as const) {
      plane.fill(255, 39, stride);
    }
    const out = new Uint8Array(3 * 39);
    letterboxRgb(planes, { widthPx: 39, heightPx: 1, rotationDeg: 0 }, out);
    expect(new Set(out)).toEqual(new Set([130]));
  });

  it('keeps the aspect ratio and writes black into the rest of a used buffer', () => {
    const planes = blankPlanes({ widthPx: 64, heightPx: 36 }, { colour: [235, 128, 128] });
    const out = new Uint8Array(3 * 32 * 32).fill(99);
    const { content } = letterboxRgb(planes, { widthPx: 32, heightPx: 32, rotationDeg: 0 }, out);
    expect(content).toEqual({ widthPx: 32, heightPx: 18 });
    const rows = Array.from({ length: 96 }, (_, row) => out.subarray(row * 32, (row + 1) * 32));
    rows.forEach((row, index) => {
      expect([...row], `row ${index}`).toEqual(Array<number>(32).fill(index % 32 < 18 ? 255 : 0));
    });
  });

  it('maps output boxes back to coded pixels', () => {
    fc.assert(
      fc.property(rotation, (rotationDeg) => {
        const planes = blankPlanes({ widthPx: 160, heightPx: 96 }, { colour: [16, 128, 128] });
        const drawn = { x: 96, y: 16, w: 32, h: 24 };
        drawBox(planes, drawn, [235, 128, 128]);
        const size = turnedSize({ widthPx: 80, heightPx: 48 }, rotationDeg);
        const out = new Uint8Array(3 * 80 * 48);
        const { toFrame } = letterboxRgb(planes, { ...size, rotationDeg }, out);
        const bright = [...out.subarray(0, 80 * 48).entries()].filter(([, value]) => value > 128);
        const xs = bright.map(([at]) => at % size.widthPx);
        const ys = bright.map(([at]) => Math.floor(at / size.widthPx));
        const [x, y] = [Math.min(...xs), Math.min(...ys)];
        const found = { x, y, w: Math.max(...xs) + 1 - x, h: Math.max(...ys) + 1 - y };
        expect(toFrame(found)).toEqual(drawn);
      }),
    );
  });
});

describe('regionRgb()', () => {
  it('draws all of a picture as letterboxRgb() does where nothing is left over', () => {
    fc.assert(
      fc.property(noisyPlanes, rotation, fc.constantFrom(1, 2), (planes, rotationDeg, times) => {
        const upright = turnedSize(planes, rotationDeg);
        const size = { widthPx: upright.widthPx * times, heightPx: upright.heightPx * times };
        const length = 3 * size.widthPx * size.heightPx;
        const [wanted, drawn] = [new Uint8Array(length), new Uint8Array(length).fill(9)];
        const { toFrame } = letterboxRgb(planes, { ...size, rotationDeg }, wanted);
        const region = { x: 0, y: 0, w: planes.widthPx, h: planes.heightPx };
        const toFrameToo = regionRgb(planes, { region, size, rotationDeg }, drawn);
        expect(drawn).toEqual(wanted);
        const box = { x: 1, y: 2, w: 7, h: 3 };
        const [one, other] = [toFrame(box), toFrameToo(box)];
        for (const key of ['x', 'y', 'w', 'h'] as const) expect(other[key]).toBeCloseTo(one[key]);
      }),
    );
  });

  it('maps boxes of a part back to coded pixels', () => {
    fc.assert(
      fc.property(rotation, (rotationDeg) => {
        const planes = blankPlanes({ widthPx: 160, heightPx: 96 }, { colour: [16, 128, 128] });
        const drawn = { x: 96, y: 16, w: 32, h: 24 };
        drawBox(planes, drawn, [235, 128, 128]);
        const region = { x: 64, y: 8, w: 80, h: 64 };
        const size = turnedSize({ widthPx: 40, heightPx: 32 }, rotationDeg);
        const out = new Uint8Array(3 * 40 * 32);
        const toFrame = regionRgb(planes, { region, size, rotationDeg }, out);
        const bright = [...out.subarray(0, 40 * 32).entries()].filter(([, value]) => value > 128);
        const xs = bright.map(([at]) => at % size.widthPx);
        const ys = bright.map(([at]) => Math.floor(at / size.widthPx));
        const [x, y] = [Math.min(...xs), Math.min(...ys)];
        const found = { x, y, w: Math.max(...xs) + 1 - x, h: Math.max(...ys) + 1 - y };
        expect(toFrame(found)).toEqual(drawn);
      }),
    );
  });
});

describe('TurnedLetterboxes', () => {
  const target = fc.record({ widthPx: side, heightPx: side, rotationDeg: rotation });
  const targets = fc.array(target, { minLength: 1, maxLength: 6 });

  it('draws every turn and size of a picture, in any order, as letterboxRgb() does', () => {
    fc.assert(
      fc.property(noisyPlanes, targets, (planes, list) => {
        const turned = new TurnedLetterboxes(planes);
        for (const one of list) {
          const length = 3 * one.widthPx * one.heightPx;
          const [wanted, drawn] = [new Uint8Array(length).fill(77), new Uint8Array(length).fill(1)];
          const letterbox = letterboxRgb(planes, one, wanted);
          const { content, toFrame } = turned.draw(one, drawn);
          expect(drawn).toEqual(wanted);
          expect(content).toEqual(letterbox.content);
          const box = { x: 3, y: 5, w: 7, h: 2 };
          expect(toFrame(box)).toEqual(letterbox.toFrame(box));
        }
      }),
    );
  });
});

describe('cropRgb()', () => {
  it('equals the slow reference, black outside of the picture', () => {
    const coordinate = fc.double({ min: -60, max: 120, noNaN: true });
    const length = fc.double({ min: 1, max: 150, noNaN: true });
    const sizes = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        noisyPlanes,
        fc.tuple(coordinate, coordinate, length),
        sizes,
        rotation,
        (planes, [x, y, w], sizePx, rotationDeg) => {
          const square = { x, y, w, h: w };
          const out = new Uint8Array(3 * sizePx * sizePx).fill(77);
          cropRgb(planes, { square, sizePx, rotationDeg }, out);
          const size = { widthPx: sizePx, heightPx: sizePx };
          let worst = 0;
          for (let row = 0; row < sizePx; row++) {
            for (let column = 0; column < sizePx; column++) {
              const wanted = referencePixel(planes, square, {
                x: column,
                y: row,
                size,
                outside: 'black',
              });
              const at = turnPixel({ x: column, y: row }, size, rotationDeg);
              wanted.forEach((value, channel) => {
                const place = (channel * sizePx + at.y) * sizePx + at.x;
                worst = Math.max(worst, Math.abs((out[place] ?? NaN) - value));
              });
            }
          }
          expect(worst).toBeLessThanOrEqual(TOLERANCE);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("gives the golden crops of the judge's training", () => {
    const file = new URL('../../../../models/train/golden/crops.json', import.meta.url);
    const golden = goldenCrops(readFileSync(file, 'utf8'));
    // Our crops come from I420, whose chroma is coarser than the golden pixels: luma is compared.
    const planes = { ...blankPlanes(golden), fullRange: true, matrix: 'bt601' as const };
    const luma = ([r, g, b]: readonly number[]): number =>
      0.299 * (r ?? NaN) + 0.587 * (g ?? NaN) + 0.114 * (b ?? NaN);
    paintPlanes(planes, (x, y) => {
      const rgb = [(5 * x + y) % 256, (7 * y + 40) % 256, Math.floor((x * y) / 16) % 256];
      return [Math.round(luma(rgb)), 128, 128];
    });
    expect(golden.cases.length).toBeGreaterThan(0);
    for (const { box, rowColumnRgb } of golden.cases) {
      const out = new Uint8Array(3 * 64 * 64);
      cropRgb(planes, { square: judgeSquare(box, 1.8), sizePx: 64, rotationDeg: 0 }, out);
      const worst = rowColumnRgb.map(([row = 0, column = 0, ...rgb]) =>
        Math.abs((out[row * 64 + column] ?? NaN) - luma(rgb)),
      );
      expect(Math.max(...worst)).toBeLessThanOrEqual(3);
    }
  });

  it('reads planes that start at any byte', () => {
    const planes = blankPlanes({ widthPx: 30, heightPx: 20 });
    drawNoise(planes);
    const shifted = new Uint8Array(planes.y.length + 3);
    shifted.set(planes.y, 3);
    const wanted = new Uint8Array(3 * 16 * 16);
    const found = new Uint8Array(3 * 16 * 16);
    const crop = { square: { x: 3, y: 2, w: 17, h: 17 }, sizePx: 16, rotationDeg: 0 } as const;
    cropRgb(planes, crop, wanted);
    cropRgb({ ...planes, y: shifted.subarray(3) }, crop, found);
    expect(found).toEqual(wanted);
  });
});
