import { describe, expect, it } from 'vitest';
import { coveredShare } from '../src/measure/coverage.ts';

const box = (x: number, y: number, width: number, height: number) => ({
  x,
  y,
  width,
  height,
  score: 1,
});

describe('coveredShare', () => {
  it('grows boxes by 30 % per side', () => {
    const area = { x: 0, y: 0, width: 100, height: 100 };
    expect(coveredShare(area, [box(20, 20, 10, 10)])).toBeCloseTo(0.16 * 0.16, 6);
    expect(coveredShare(area, [box(20, 20, 40, 40)])).toBeCloseTo(0.64 * 0.64, 6);
  });

  it('counts what two boxes share once', () => {
    const area = { x: 0, y: 0, width: 100, height: 100 };
    const twice = [box(20, 20, 50, 50), box(20, 20, 50, 50)];
    expect(coveredShare(area, twice)).toBeCloseTo(0.8 * 0.8, 6);
  });

  it('is nothing without boxes', () => {
    expect(coveredShare({ x: 3, y: 3, width: 9, height: 9 }, [])).toBe(0);
  });
});
