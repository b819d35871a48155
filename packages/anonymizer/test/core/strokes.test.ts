import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coveredShare,
  strokeCells,
  strokeParts,
  strokeRegions,
  turnedSize,
  type Box,
  type I420Planes,
  type Luma,
  type RotationDeg,
} from '@drape/anonymizer/core';
import {
  blankPlanes,
  drawGradient,
  drawNoise,
  drawTextPattern,
  paintPlanes,
} from '@drape/anonymizer/testing';

const lumaOf = ({ y: data, strideY: stride, widthPx, heightPx }: I420Planes): Luma => ({
  ...{ data, stride, widthPx, heightPx },
});

/** The same picture with rows for columns. */
function mirrored(planes: I420Planes): I420Planes {
  const { widthPx, heightPx, y, strideY } = planes;
  const other = blankPlanes({ widthPx: heightPx, heightPx: widthPx });
  paintPlanes(other, (x, row) => [y[x * strideY + row] ?? 0, 128, 128]);
  return other;
}

const OPTIONS = { leastInCell: 8, leastTogether: 24, marginPx: 32, mostShare: 0.75 } as const;
const size = fc.record({
  widthPx: fc.integer({ min: 1, max: 200 }),
  heightPx: fc.integer({ min: 1, max: 200 }),
});

describe('strokeCells()', () => {
  it('counts down columns what it counts along rows', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1 }), (sides, seed) => {
        const planes = blankPlanes(sides, { padding: 3 });
        drawNoise(planes, seed);
        const [one, other] = [strokeCells(lumaOf(planes)), strokeCells(lumaOf(mirrored(planes)))];
        expect([one.rows, one.columns]).toEqual([other.columns, other.rows]);
        for (let row = 0; row < one.rows; row++) {
          for (let column = 0; column < one.columns; column++) {
            const count = one.counts[row * one.columns + column];
            expect(other.counts[column * other.columns + row]).toBe(count);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('counts bars of 8 pixels and no wider ones', () => {
    const bars = (widthPx: number): number => {
      const planes = blankPlanes({ widthPx: 320, heightPx: 64 });
      paintPlanes(planes, (x) => [Math.floor(x / widthPx) % 2 === 0 ? 60 : 100, 128, 128]);
      return strokeCells(lumaOf(planes)).counts.reduce((sum, count) => sum + count, 0);
    };
    expect(bars(3)).toBeGreaterThan(bars(8));
    expect(bars(8)).toBeGreaterThan(20 * 32);
    expect(bars(12)).toBe(0);
  });
});

describe('strokeRegions()', () => {
  it('are none where a picture is smooth, and all of it where it is full of strokes', () => {
    const planes = blankPlanes({ widthPx: 640, heightPx: 360 });
    drawGradient(planes);
    expect(strokeRegions(lumaOf(planes), OPTIONS)).toEqual([]);
    drawNoise(planes);
    expect(strokeRegions(lumaOf(planes), OPTIONS)).toEqual([{ x: 0, y: 0, w: 640, h: 360 }]);
  });
});

describe('strokeParts()', () => {
  const FULL_HD = { widthPx: 1920, heightPx: 1080 };
  const line = fc.record({
    heightPx: fc.integer({ min: 12, max: 30 }),
    letters: fc.integer({ min: 4, max: 20 }),
    x: fc.double({ min: 0, max: 1, noNaN: true }),
    y: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it('has every line of small print in an input of the same scale, and little beside it', () => {
    fc.assert(
      fc.property(line, fc.constantFrom<RotationDeg>(0, 90, 180, 270), (drawn, rotationDeg) => {
        const planes = blankPlanes(FULL_HD);
        const [w, h] = [drawn.letters * drawn.heightPx * 0.75, drawn.heightPx];
        const box: Box = { x: drawn.x * (1920 - w), y: drawn.y * (1080 - h), w, h };
        drawTextPattern(planes, box);
        const whole = turnedSize({ widthPx: 1600, heightPx: 928 }, rotationDeg);
        const parts = strokeParts({ planes, rotationDeg }, whole, 32);
        expect(Math.max(0, ...parts.map(({ region }) => coveredShare(box, region)))).toBeCloseTo(
          1,
          9,
        );
        for (const { region, size: input } of parts) {
          const coded = turnedSize(input, rotationDeg);
          expect([input.widthPx % 32, input.heightPx % 32]).toEqual([0, 0]);
          expect(region.w / coded.widthPx).toBeCloseTo(1.2);
          expect(region.h / coded.heightPx).toBeCloseTo(1.2);
          expect(region.x).toBeGreaterThanOrEqual(0);
          expect(region.x + region.w).toBeLessThanOrEqual(1920 + 1e-6);
          expect(region.y).toBeGreaterThanOrEqual(0);
        }
        const shown = parts.reduce((sum, { region }) => sum + region.w * region.h, 0);
        expect(shown).toBeLessThan(4 * (w + 130) * (h + 130));
      }),
      { numRuns: 200 },
    );
  });

  it('finds them in a picture that is shrunk for the network', () => {
    const planes = blankPlanes({ widthPx: 3840, heightPx: 2160 });
    const box = { x: 2500, y: 1700, w: 400, h: 60 };
    drawTextPattern(planes, box);
    const [part] = strokeParts({ planes, rotationDeg: 0 }, { widthPx: 1600, heightPx: 928 }, 32);
    expect(coveredShare(box, part?.region ?? { x: 0, y: 0, w: 0, h: 0 })).toBe(1);
    expect((part?.region.w ?? 0) / (part?.size.widthPx ?? 1)).toBeCloseTo(2.4);
  });
});
