import { rgbToYuv } from '@drape/anonymizer/core';
import { describe, expect, it } from 'vitest';

describe('rgbToYuv()', () => {
  it('gives the reference values of the three matrices in limited range', () => {
    const red = { r: 255, g: 0, b: 0 };
    expect(rgbToYuv(red, { matrix: 'bt601', fullRange: false })).toEqual({ y: 81, u: 90, v: 240 });
    expect(rgbToYuv(red, { matrix: 'bt709', fullRange: false })).toEqual({ y: 63, u: 102, v: 240 });
    expect(rgbToYuv(red, { matrix: 'bt2020', fullRange: false })).toEqual({ y: 74, u: 97, v: 240 });
  });

  it('gives legal black and white by range', () => {
    const black = { r: 0, g: 0, b: 0 };
    const white = { r: 255, g: 255, b: 255 };
    expect(rgbToYuv(black, { matrix: 'bt709', fullRange: false })).toEqual({
      y: 16,
      u: 128,
      v: 128,
    });
    expect(rgbToYuv(white, { matrix: 'bt709', fullRange: false })).toEqual({
      y: 235,
      u: 128,
      v: 128,
    });
    expect(rgbToYuv(black, { matrix: 'bt709', fullRange: true })).toEqual({ y: 0, u: 128, v: 128 });
    expect(rgbToYuv(white, { matrix: 'bt709', fullRange: true })).toEqual({
      y: 255,
      u: 128,
      v: 128,
    });
  });

  it('clamps what is no byte', () => {
    const odd = { r: Number.NaN, g: -4, b: 0 };
    expect(rgbToYuv(odd, { matrix: 'bt709', fullRange: true })).toEqual({ y: 0, u: 128, v: 128 });
  });
});
