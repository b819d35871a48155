import { describe, expect, it } from 'vitest';
import { codeBox, continues, inputSize, isFlat, isLevel, onTissue } from '@drape/anonymizer/core';
import { blankPlanes, drawBox } from '@drape/anonymizer/testing';

describe('doubt about text', () => {
  it('calls wide lines level, glyphs and tilted lines not', () => {
    expect(isLevel({ x: 0, y: 0, w: 60, h: 12 })).toBe(true);
    expect(isLevel({ x: 0, y: 0, w: 12, h: 12 })).toBe(false);
    expect(isLevel({ x: 0, y: 0, w: 12, h: 60 })).toBe(false);
  });

  it('lets a glyph belong to the line beside it, and to no other', () => {
    const line = { x: 20, y: 10, w: 100, h: 14 };
    expect(continues({ x: 135, y: 11, w: 10, h: 13 }, line)).toBe(true);
    expect(continues({ x: 5, y: 9, w: 8, h: 14 }, line)).toBe(true);
    expect(continues({ x: 200, y: 11, w: 10, h: 13 }, line)).toBe(false);
    expect(continues({ x: 125, y: 40, w: 10, h: 13 }, line)).toBe(false);
    expect(continues({ x: 125, y: 0, w: 40, h: 40 }, line)).toBe(false);
  });

  it('calls flat what shows nobody anything, in luma and in chroma, up to odd edges', () => {
    const planes = blankPlanes({ widthPx: 101, heightPx: 51 }, { colour: [16, 128, 128] });
    const whole = { x: -4, y: -4, w: 120, h: 70 };
    expect(isFlat(planes, whole)).toBe(true);
    drawBox(planes, { x: 40, y: 20, w: 4, h: 4 }, [18, 129, 128]);
    expect(isFlat(planes, whole)).toBe(true);
    drawBox(planes, { x: 60, y: 20, w: 4, h: 4 }, [16, 128, 136]);
    expect(isFlat(planes, whole)).toBe(false);
    expect(isFlat(planes, { x: 0, y: 0, w: 50, h: 51 })).toBe(true);
    drawBox(planes, { x: 98, y: 48, w: 3, h: 3 }, [26, 128, 128]);
    expect(isFlat(planes, { x: 90, y: 40, w: 11, h: 11 })).toBe(false);
  });

  it('knows tissue by its red, in either range, up to the picture’s edges', () => {
    const size = { widthPx: 101, heightPx: 51 };
    const red = blankPlanes(size, { colour: [90, 115, 155] });
    const grey = blankPlanes(size);
    for (const box of [
      { x: 40, y: 20, w: 10, h: 10 },
      { x: -5, y: -5, w: 20, h: 20 },
      { x: 90, y: 40, w: 20, h: 20 },
    ]) {
      expect(onTissue(red, box)).toBe(true);
      expect(onTissue({ ...red, fullRange: true }, box)).toBe(true);
      expect(onTissue(grey, box)).toBe(false);
    }
  });
});

describe('inputSize()', () => {
  const limits = { longPx: 640, shortPx: 384, areaPx: Infinity, multiplePx: 32, enlarge: 3 };

  it.each([
    [1920, 1080, 640, 384],
    [1080, 1920, 384, 640],
    [1280, 720, 640, 384],
    [640, 480, 512, 384],
    [256, 256, 384, 384],
    [16, 16, 64, 64],
    [8192, 8192, 384, 384],
    [8192, 16, 640, 32],
  ])('fits %i×%i into %i×%i', (widthPx, heightPx, wantedWidth, wantedHeight) => {
    const size = inputSize({ widthPx, heightPx }, limits);
    expect(size).toEqual({ widthPx: wantedWidth, heightPx: wantedHeight });
  });

  it('keeps within an area', () => {
    const byArea = { ...limits, longPx: 960, shortPx: Infinity, areaPx: 960 * 544, enlarge: 2 };
    expect(inputSize({ widthPx: 622, heightPx: 529 }, byArea)).toEqual({
      widthPx: 800,
      heightPx: 672,
    });
  });
});

describe('codeBox()', () => {
  const corners = (angle: number) =>
    [
      [-100, -10],
      [100, -10],
      [100, 10],
      [-100, 10],
    ].map(([x = 0, y = 0]) => ({
      x: 500 + x * Math.cos(angle) - y * Math.sin(angle),
      y: 300 + x * Math.sin(angle) + y * Math.cos(angle),
    }));

  it('is the corners’ box for matrix codes', () => {
    expect(codeBox(corners(0), false)).toEqual({ x: 400, y: 290, w: 200, h: 20 });
  });

  it('reaches over the bars of linear codes, farther and on all sides where they are tilted', () => {
    const level = codeBox(corners(0), true);
    expect(level.w).toBe(200);
    expect(level.h).toBeGreaterThan(40);
    const tilted = codeBox(corners(0.4), true);
    expect(tilted.w).toBeGreaterThan(250);
    expect(tilted.h).toBeGreaterThan(150);
  });
});
