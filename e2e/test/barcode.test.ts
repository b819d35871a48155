import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELLS, MAX_NUMBER, isLegible, bitsOf, numberOf } from '../src/barcode/bits.ts';

const numbers = fc.integer({ min: 0, max: MAX_NUMBER });

describe('the barcode', () => {
  it('is read back through any change of brightness and contrast, and noise', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 60, max: 135 }),
        fc.array(fc.integer({ min: -12, max: 12 }), { minLength: CELLS, maxLength: CELLS }),
        (number, black, contrast, noise) => {
          const lumas = bitsOf(number).map(
            (bit, cell) => black + (bit ? contrast : 0) + (noise[cell] ?? 0),
          );
          expect(numberOf(lumas)).toBe(number);
          expect(isLegible(lumas, number)).toBe(true);
        },
      ),
    );
  });

  it('says nothing where it is covered, wholly or in part', () => {
    const lumas = bitsOf(1234).map((bit) => (bit ? 180 : 60));
    expect(numberOf(Array<number>(CELLS).fill(106))).toBeUndefined();
    expect(numberOf(lumas.map((luma, cell) => (cell < 17 ? 106 : luma)))).toBeUndefined();
    expect(numberOf(lumas.slice(1))).toBeUndefined();
  });

  it('counts as legible down to the least contrast, and not where something else is', () => {
    const faint = bitsOf(77).map((bit) => 100 + (bit ? 0.4 : 0));
    expect(numberOf(faint)).toBeUndefined();
    expect(isLegible(faint, 77)).toBe(true);
    expect(isLegible(faint, 78)).toBe(false);
    expect(isLegible(Array<number>(CELLS).fill(100), 77)).toBe(false);
    expect(isLegible([], 77)).toBe(false);
  });

  it('is lost by one wrong cell', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: CELLS - 1 }), (number, wrong) => {
        const lumas = bitsOf(number).map((bit, cell) => (bit !== (cell === wrong) ? 180 : 60));
        expect(numberOf(lumas)).not.toBe(number);
      }),
    );
  });
});
