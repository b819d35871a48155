import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boxArea,
  capBoxes,
  components,
  coveredShare,
  decodeCenterFace,
  decodeCenterNet,
  decodeDbText,
  extents,
  gatherFaces,
  forStill,
  growBox,
  iou,
  placedFace,
  profileNamed,
  suppress,
  type Box,
  type Component,
  type Detection,
} from '@drape/anonymizer/core';

const coordinate = fc.integer({ min: 0, max: 60 });
const length = fc.integer({ min: 1, max: 40 });
const box: fc.Arbitrary<Box> = fc.record({ x: coordinate, y: coordinate, w: length, h: length });
const scored = fc
  .array(fc.record({ box, score: fc.double({ min: 0, max: 1, noNaN: true }) }), { maxLength: 40 })
  .map((all) => all.sort((a, b) => b.score - a.score));

describe('components()', () => {
  it('finds what a flood fill finds', () => {
    const size = fc.record({
      rows: fc.integer({ min: 1, max: 12 }),
      columns: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(
        size,
        fc.array(fc.boolean(), { minLength: 144, maxLength: 144 }),
        (grid, cells) => {
          const map = Float32Array.from(cells.slice(0, grid.rows * grid.columns), (on, at) =>
            on ? 0.5 + (at % 7) / 16 : 0.1,
          );
          const found = components(map, grid, 0.5).map(key).sort();
          expect(found).toEqual(floodFill(map, grid).map(key).sort());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('tells the sides of a level rectangle, wherever it lies', () => {
    const side = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(side, side, side, side, (x, y, w, h) => {
        const columns = x + w + 1;
        const map = new Float32Array((y + h + 1) * columns);
        for (let row = y; row < y + h; row++) map.fill(1, row * columns + x, row * columns + x + w);
        const [found] = components(map, { rows: y + h + 1, columns }, 0.5);
        const { long, thick } = extents(found as Component);
        expect(long).toBeCloseTo(Math.max(w, h), 5);
        expect(thick).toBeCloseTo(Math.min(w, h), 5);
      }),
    );
  });
});

function key(found: Component): string {
  const { left, top, right, bottom, area, sum, sumX, sumY, sumXX, sumYY, sumXY } = found;
  return [left, top, right, bottom, area, sum.toFixed(3), sumX, sumY, sumXX, sumYY, sumXY].join(
    ' ',
  );
}

function floodFill(map: Float32Array, grid: { rows: number; columns: number }): Component[] {
  const { rows, columns } = grid;
  const seen = new Set<number>();
  return [...map.keys()].flatMap((start) => {
    if ((map[start] ?? 0) < 0.5 || seen.has(start)) return [];
    const open = [start];
    const found = {
      ...{ left: columns, top: rows, right: -1, bottom: -1, area: 0, sum: 0 },
      ...{ sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 },
    };
    seen.add(start);
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      const [y, x] = [Math.floor(cell / columns), cell % columns];
      found.left = Math.min(found.left, x);
      found.right = Math.max(found.right, x);
      found.top = Math.min(found.top, y);
      found.bottom = Math.max(found.bottom, y);
      found.area++;
      found.sum += map[cell] ?? 0;
      found.sumX += x;
      found.sumY += y;
      found.sumXX += x * x;
      found.sumYY += y * y;
      found.sumXY += x * y;
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
          const next = v * columns + u;
          if ((map[next] ?? 0) < 0.5 || seen.has(next)) continue;
          seen.add(next);
          open.push(next);
        }
      }
    }
    return [found];
  });
}

describe('suppress()', () => {
  it('keeps the best, drops only what overlaps a kept one, keeps nothing that does', () => {
    fc.assert(
      fc.property(scored, (all) => {
        const kept = suppress(all, 0.3);
        expect(kept[0]).toBe(all[0]);
        for (const one of all) {
          const overlapped = kept.some((other) => other !== one && iou(other.box, one.box) >= 0.3);
          expect(kept.includes(one)).toBe(!overlapped || kept.includes(one));
          if (!kept.includes(one)) expect(overlapped).toBe(true);
        }
      }),
    );
  });
});

describe('capBoxes()', () => {
  it('covers everything over the cap', () => {
    const picture = { widthPx: 100, heightPx: 100 };
    fc.assert(
      fc.property(scored, fc.integer({ min: 0, max: 10 }), (all, cap) => {
        const { kept, saturated } = capBoxes(all, cap, picture);
        expect(kept).toEqual(all.slice(0, cap));
        for (const over of all.slice(cap)) {
          expect(saturated.some((region) => coveredShare(over.box, region) > 0.999)).toBe(true);
        }
        expect(saturated.length).toBeLessThanOrEqual(16);
      }),
    );
  });
});

describe('gatherFaces()', () => {
  const steps = { low: 0.3, high: 0.5 };

  it.each([
    ['video', profileNamed('mixed')],
    ['a picture', forStill(profileNamed('mixed'))],
  ])('covers, grown as in %s, every face above the high step that was put in', (_, profile) => {
    const { growShare } = profile.classes.face;
    fc.assert(
      fc.property(scored, fc.array(box, { maxLength: 5 }), (all, beside) => {
        const faces = all.map((one): Detection => ({ cls: 'face', ...one }));
        const gathered = gatherFaces(faces, beside, steps);
        expect(gathered.length).toBeLessThanOrEqual(faces.length);
        for (const face of faces.filter(({ score }) => score >= steps.high)) {
          const wanted = growBox(face.box, growShare);
          const cover = Math.max(
            ...gathered.map((one) => coveredShare(wanted, growBox(one.box, growShare))),
          );
          expect(cover).toBeGreaterThan(0.999);
        }
      }),
    );
  });

  it('joins two sightings of one face and leaves a neighbour alone', () => {
    const face = (x: number, score: number): Detection => ({
      cls: 'face',
      box: { x, y: 0, w: 20, h: 20 },
      score,
    });
    const gathered = gatherFaces([face(0, 0.9), face(8, 0.8), face(40, 0.7)], [], steps);
    expect(gathered.map(({ score }) => score)).toEqual([0.9, 0.7]);
  });
});

describe('placedFace()', () => {
  const seen: Box = { x: 10, y: 10, w: 10, h: 20 };

  // The same numbers as in models/train/tests: both sides must place a face alike.
  it.each([
    [0.96, { x: 10.4, y: 10.8, w: 9.2, h: 18.4 }],
    [0.76, seen],
    [0.56, { x: 9.6, y: 9.2, w: 10.8, h: 21.6 }],
    [1, { x: 10.48, y: 10.96, w: 9.04, h: 18.08 }],
    [0.03, { x: 9.2, y: 8.4, w: 11.6, h: 23.2 }],
  ])('draws a face of score %d', (score, drawn) => {
    const placed = placedFace(seen, score);
    for (const side of ['x', 'y', 'w', 'h'] as const) {
      expect(placed[side]).toBeCloseTo(drawn[side], 9);
    }
  });

  it('covers more the less sure a detector is, and always, grown, all of what it drew', () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(box, score, score, (one, a, b) => {
        const [surer, other] = [placedFace(one, Math.max(a, b)), placedFace(one, Math.min(a, b))];
        expect(boxArea(other)).toBeGreaterThanOrEqual(boxArea(surer) * (1 - 1e-9));
        const { growShare } = forStill(profileNamed('mixed')).classes.face;
        expect(coveredShare(one, growBox(surer, growShare))).toBeGreaterThan(0.999);
      }),
    );
  });
});

describe('decodeCenterFace()', () => {
  const [rows, columns] = [8, 10];
  const empty = () => ({
    rows,
    columns,
    heatmap: new Float32Array(rows * columns),
    scale: new Float32Array(2 * rows * columns),
    offset: new Float32Array(2 * rows * columns),
  });

  it('places a box by cell, offset and scale', () => {
    const maps = empty();
    const cell = 3 * columns + 4;
    maps.heatmap[cell] = 0.8;
    maps.scale.set([Math.log(6)], cell);
    maps.scale.set([Math.log(3)], rows * columns + cell);
    maps.offset.set([0.25], cell);
    maps.offset.set([-0.25], rows * columns + cell);
    const [face, ...others] = decodeCenterFace(maps, { threshold: 0.1, stridePx: 4 });
    expect(others).toEqual([]);
    expect(face?.peak).toBe(true);
    expect(face?.score).toBeCloseTo(0.8);
    // Centre x (4 - 0.25 + 0.5) · 4 = 17, y (3 + 0.25 + 0.5) · 4 = 15; width 12, height 24.
    expect(face?.box.x).toBeCloseTo(11);
    expect(face?.box.y).toBeCloseTo(3);
    expect(face?.box.w).toBeCloseTo(12);
    expect(face?.box.h).toBeCloseTo(24);
  });

  it('tells peaks from the cells beside them, and equals apart', () => {
    const maps = empty();
    maps.heatmap.set([0.5, 0.5, 0.4], 2 * columns);
    const found = decodeCenterFace(maps, { threshold: 0.1, stridePx: 4 });
    expect(found.map(({ peak }) => peak)).toEqual([true, false, false]);
  });

  it('survives what is not a number', () => {
    const maps = empty();
    maps.heatmap.fill(NaN);
    maps.heatmap[5] = 0.9;
    maps.scale[5] = Infinity;
    expect(decodeCenterFace(maps, { threshold: 0.1, stridePx: 4 })).toEqual([]);
  });
});

describe('decodeDbText()', () => {
  const options = {
    rows: 20,
    columns: 60,
    bitmapThreshold: 0.3,
    boxThreshold: 0.45,
    unclipRatio: 2,
    minSidePx: 3,
  };
  const lineAt = (value: number, [x, y, w, h]: [number, number, number, number]): Float32Array => {
    const map = new Float32Array(options.rows * options.columns);
    for (let row = y; row < y + h; row++) {
      map.fill(value, row * options.columns + x, row * options.columns + x + w);
    }
    return map;
  };

  it('grows a line by area · ratio / perimeter, and more along it than across', () => {
    const [line] = decodeDbText(lineAt(0.9, [10, 6, 40, 5]), options);
    expect(line?.core).toEqual({ x: 10, y: 6, w: 40, h: 5 });
    expect(line?.score).toBeCloseTo(0.9);
    const grow = (40 * 5 * 2) / (2 * 45);
    expect(boxArea(line?.box ?? { x: 0, y: 0, w: 0, h: 0 })).toBeCloseTo(
      (40 + 2 * (grow + 0.5 * 5)) * (5 + 2 * (grow + 0.2 * 5)),
    );
  });

  it('grows a tilted line by what it is thick, and covers all of it', () => {
    const [columns, rows, thick, long] = [160, 120, 10, 120];
    const [dx, dy] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const map = new Float32Array(rows * columns);
    for (let at = 0; at < map.length; at++) {
      const [x, y] = [(at % columns) - columns / 2, Math.floor(at / columns) - rows / 2];
      const inside =
        Math.abs(x * dx + y * dy) <= long / 2 && Math.abs(y * dx - x * dy) <= thick / 2;
      map[at] = inside ? 0.9 : 0;
    }
    const [line] = decodeDbText(map, { ...options, rows, columns });
    const core = line?.core ?? { x: 0, y: 0, w: 0, h: 0 };
    const margin = core.x - (line?.box.x ?? 0);
    expect(margin).toBeGreaterThan(thick);
    expect(margin).toBeLessThan(1.7 * thick);
    expect(coveredShare(core, line?.box ?? core)).toBe(1);
  });

  it('drops what is too faint or too thin', () => {
    expect(decodeDbText(lineAt(0.4, [10, 6, 40, 5]), options)).toEqual([]);
    expect(decodeDbText(lineAt(0.9, [10, 6, 40, 2]), options)).toEqual([]);
  });
});

describe('decodeCenterNet()', () => {
  const rows = 6;
  const columns = 8;
  const at = (row: number, column: number): number => row * columns + column;
  const how = { threshold: 0.2, stridePx: 4 };
  function maps(cells: Readonly<Record<number, number>>) {
    const heatmap = new Float32Array(rows * columns);
    for (const [cell, score] of Object.entries(cells)) heatmap[Number(cell)] = score;
    const sides = new Float32Array(4 * rows * columns);
    for (const [n, px] of [3, 5, 7, 11].entries()) {
      sides.fill(px, n * rows * columns, (n + 1) * rows * columns);
    }
    return { rows, columns, heatmap, sides };
  }

  it('reads the four sides from the corner of the cell', () => {
    const [only, ...others] = decodeCenterNet(maps({ [at(2, 4)]: 0.5 }), how);
    expect(only).toEqual({ box: { x: 13, y: 3, w: 10, h: 16 }, score: 0.5, peak: true });
    expect(others).toEqual([]);
  });

  it('takes peaks only, best first', () => {
    const cells = { [at(1, 1)]: 0.3, [at(1, 2)]: 0.6, [at(4, 6)]: 0.9, [at(5, 0)]: 0.1 };
    const scores = decodeCenterNet(maps(cells), how).map(({ score }) => score);
    expect(scores).toEqual([Math.fround(0.9), Math.fround(0.6)]);
  });

  it('leaves out what has no area or no place', () => {
    const odd = maps({ [at(1, 1)]: 0.5, [at(4, 6)]: 0.5 });
    odd.sides[at(1, 1)] = -20;
    odd.sides[rows * columns + at(4, 6)] = NaN;
    expect(decodeCenterNet(odd, how)).toEqual([]);
  });
});
