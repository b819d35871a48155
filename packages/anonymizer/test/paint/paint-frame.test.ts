import { MOST_CELLS, paintFrame, rgbToYuv, SLATE } from '@drape/anonymizer/core';
import type { I420Planes, PaintStyle, PlanRegion, WholeCause } from '@drape/anonymizer/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyPlanes, noisePlanes, regionAt } from './planes.ts';

const MAGENTA: PaintStyle = { kind: 'solid', fill: { r: 255, g: 0, b: 255 } };
const STYLES: readonly PaintStyle[] = [MAGENTA, { kind: 'pixelate' }, { kind: 'blur' }];
const CAUSES: readonly WholeCause[] = [
  'undecided',
  'detector-failed',
  'overload',
  'damaged',
  'saturated',
  'out-of-body',
  'by-hand',
  'closing',
];

const styles = fc.constantFrom(...STYLES);
const classes = fc.constantFrom('face', 'head', 'person', 'text', 'code', 'screen', 'region');
const coordinate = fc.double({ min: -60, max: 160, noNaN: true });
const extent = fc.double({ min: 0.01, max: 180, noNaN: true });
const region = fc
  .tuple(coordinate, coordinate, extent, extent, classes)
  .map(([x, y, w, h, cls]) => regionAt([x, y, w, h], cls));
const picture = fc.record({
  widthPx: fc.integer({ min: 16, max: 120 }),
  heightPx: fc.integer({ min: 16, max: 120 }),
  paddingBytes: fc.integer({ min: 0, max: 9 }),
  seed: fc.integer({ min: 1 }),
});

/** Whether a pixel lies in a region grown to even coordinates. */
function isCovered(regions: readonly PlanRegion[], x: number, y: number): boolean {
  return regions.some(({ box }) => {
    const left = 2 * Math.floor(box.x / 2);
    const top = 2 * Math.floor(box.y / 2);
    const right = 2 * Math.ceil((box.x + box.w) / 2);
    const bottom = 2 * Math.ceil((box.y + box.h) / 2);
    return x >= left && x < right && y >= top && y < bottom;
  });
}

function* bytesOf(planes: I420Planes): Generator<{ key: string; x: number; y: number; v: number }> {
  for (const key of ['y', 'u', 'v'] as const) {
    const stride = { y: planes.strideY, u: planes.strideU, v: planes.strideV }[key];
    const width = key === 'y' ? planes.widthPx : (planes.widthPx + 1) >> 1;
    const scale = key === 'y' ? 1 : 2;
    for (const [at, v] of planes[key].entries()) {
      const x = at % stride;
      const y = Math.floor(at / stride);
      yield { key: x < width ? key : 'padding', x: x * scale, y: y * scale, v };
    }
  }
}

describe('paintFrame()', () => {
  it('changes nothing outside the regions and nothing in the padding', () => {
    fc.assert(
      fc.property(picture, fc.array(region, { maxLength: 4 }), styles, (size, regions, style) => {
        const before = noisePlanes(size);
        const after = copyPlanes(before);
        paintFrame(after, { whole: undefined, regions }, style);
        const painted = bytesOf(after);
        let changed = 0;
        for (const { key, x, y, v } of bytesOf(before)) {
          const now = painted.next().value as { v: number };
          if (now.v !== v && (key === 'padding' || !isCovered(regions, x, y))) changed++;
        }
        expect(changed).toBe(0);
      }),
    );
  });

  it('fills every covered sample with the fill, chroma included', () => {
    fc.assert(
      fc.property(picture, fc.array(region, { maxLength: 4 }), (size, regions) => {
        const planes = noisePlanes(size);
        paintFrame(planes, { whole: undefined, regions }, MAGENTA);
        const fill: Record<string, number> = { ...rgbToYuv({ r: 255, g: 0, b: 255 }, planes) };
        let left = 0;
        for (const { key, x, y, v } of bytesOf(planes)) {
          if (key !== 'padding' && isCovered(regions, x, y) && v !== fill[key]) left++;
        }
        expect(left).toBe(0);
      }),
    );
  });

  it('shows at most 8 different values along any row or column of a pixelated face', () => {
    fc.assert(
      fc.property(picture, region, (size, one) => {
        const planes = noisePlanes(size);
        const face = { ...one, cls: 'face' as const };
        paintFrame(planes, { whole: undefined, regions: [face] }, { kind: 'pixelate' });
        for (const line of [...linesOf(planes, face, 'row'), ...linesOf(planes, face, 'column')]) {
          const changes = line.filter((value, at) => at > 0 && value !== line[at - 1]).length;
          expect(changes).toBeLessThan(MOST_CELLS);
        }
      }),
    );
  });

  it('depends on nothing but the cell means: pixels shuffled within cells give the same output', () => {
    // A region on the grid's own lines: 96×96 from 0 makes cells of 16 px.
    const regions = [regionAt([0, 0, 96, 96])];
    for (const style of STYLES) {
      const a = noisePlanes({ widthPx: 96, heightPx: 96 });
      const b = copyPlanes(a);
      for (let top = 0; top < 96; top += 16) {
        for (let left = 0; left < 96; left += 16) mirrorCell(b, { left, top, sizePx: 16 });
      }
      expect(b.y).not.toEqual(a.y);
      paintFrame(a, { whole: undefined, regions }, style);
      paintFrame(b, { whole: undefined, regions }, style);
      expect(b).toEqual(a);
    }
  });

  it('gives text, codes, screens and unknown regions one flat colour', () => {
    for (const cls of ['text', 'code', 'screen', 'region'] as const) {
      for (const kind of ['pixelate', 'blur'] as const) {
        const planes = noisePlanes({ widthPx: 400, heightPx: 100 });
        paintFrame(
          planes,
          { whole: undefined, regions: [regionAt([10, 10, 300, 40], cls)] },
          { kind },
        );
        const seen = new Set(linesOf(planes, regionAt([10, 10, 300, 40]), 'row').flat());
        expect(seen.size).toBe(1);
      }
    }
  });

  it('keeps its cells where they are when a box trembles', () => {
    const inner = (box: [number, number, number, number]): number[] => {
      const planes = noisePlanes({ widthPx: 320, heightPx: 320 });
      paintFrame(planes, { whole: undefined, regions: [regionAt(box)] }, { kind: 'pixelate' });
      return Array.from(planes.y.subarray(160 * 320 + 96, 160 * 320 + 192));
    };
    const still = inner([60, 60, 150, 150]);
    expect(inner([57, 62, 153, 148])).toEqual(still);
    expect(inner([63.5, 58.2, 149, 152])).toEqual(still);
  });

  it('makes a tiny region one cell', () => {
    for (const kind of ['pixelate', 'blur'] as const) {
      const planes = noisePlanes({ widthPx: 16, heightPx: 16 });
      paintFrame(planes, { whole: undefined, regions: [regionAt([5, 5, 1, 1])] }, { kind });
      const [a, b, c, d] = [4 * 16 + 4, 4 * 16 + 5, 5 * 16 + 4, 5 * 16 + 5].map(
        (at) => planes.y[at],
      );
      expect([b, c, d]).toEqual([a, a, a]);
    }
  });

  it('covers everything where a region is no box', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const style of STYLES) {
        const planes = noisePlanes({ widthPx: 33, heightPx: 17, paddingBytes: 3 });
        paintFrame(planes, { whole: undefined, regions: [regionAt([0, 0, bad, 4])] }, style);
        expectFlat(planes, style);
      }
    }
  });

  it('covers whole frames: the fill under solid, a slate for every cause but overload', () => {
    for (const style of STYLES) {
      for (const whole of CAUSES) {
        const planes = noisePlanes({ widthPx: 35, heightPx: 19, paddingBytes: 5 });
        paintFrame(planes, { whole, regions: [] }, style);
        if (style.kind === 'solid' || whole !== 'overload') expectFlat(planes, style);
      }
    }
  });

  it('shows at most 8 cells of a frame pixelated for overload', () => {
    const planes = noisePlanes({ widthPx: 1280, heightPx: 720 });
    paintFrame(planes, { whole: 'overload', regions: [] }, { kind: 'pixelate' });
    const row = linesOf(planes, regionAt([0, 0, 1280, 720]), 'row')[360] ?? [];
    expect(row).toHaveLength(1280);
    expect(row.filter((value, at) => at > 0 && value !== row[at - 1]).length).toBeLessThan(8);
  });

  it('stays within the legal luma of limited range', () => {
    for (const style of STYLES) {
      const planes = noisePlanes({ widthPx: 64, heightPx: 64 });
      planes.y.fill(255);
      paintFrame(planes, { whole: undefined, regions: [regionAt([0, 0, 64, 64])] }, style);
      expect(Math.max(...planes.y)).toBeLessThanOrEqual(235);
      planes.y.fill(0);
      paintFrame(planes, { whole: undefined, regions: [regionAt([0, 0, 64, 64])] }, style);
      expect(Math.min(...planes.y)).toBeGreaterThanOrEqual(16);
    }
  });

  function expectFlat(planes: I420Planes, style: PaintStyle): void {
    const want: Record<string, number> = {
      ...rgbToYuv(style.kind === 'solid' ? style.fill : SLATE, planes),
    };
    for (const { key, v } of bytesOf(planes)) {
      if (key !== 'padding') expect(v).toBe(want[key]);
    }
  }
});

function linesOf(planes: I420Planes, { box }: PlanRegion, along: 'row' | 'column'): number[][] {
  const x0 = Math.max(0, 2 * Math.floor(box.x / 2));
  const y0 = Math.max(0, 2 * Math.floor(box.y / 2));
  const x1 = Math.min(planes.widthPx, 2 * Math.ceil((box.x + box.w) / 2));
  const y1 = Math.min(planes.heightPx, 2 * Math.ceil((box.y + box.h) / 2));
  if (x1 <= x0 || y1 <= y0) return [];
  const at = (x: number, y: number): number => planes.y[y * planes.strideY + x] ?? -1;
  const xs = Array.from({ length: x1 - x0 }, (_, index) => x0 + index);
  const ys = Array.from({ length: y1 - y0 }, (_, index) => y0 + index);
  return along === 'row'
    ? ys.map((y) => xs.map((x) => at(x, y)))
    : xs.map((x) => ys.map((y) => at(x, y)));
}

/** Mirrors the pixels of one cell in all planes: the same values in other places. */
function mirrorCell(planes: I420Planes, cell: { left: number; top: number; sizePx: number }): void {
  for (const key of ['y', 'u', 'v'] as const) {
    const shift = key === 'y' ? 0 : 1;
    const stride = { y: planes.strideY, u: planes.strideU, v: planes.strideV }[key];
    const size = cell.sizePx >> shift;
    for (let row = 0; row < size; row++) {
      const from = ((cell.top >> shift) + row) * stride + (cell.left >> shift);
      planes[key].subarray(from, from + size).reverse();
    }
  }
}
