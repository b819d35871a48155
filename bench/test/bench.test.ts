import { describe, expect, it } from 'vitest';
import { parseOptions } from '../src/options.ts';
import { benches } from '../src/registry.ts';
import { median, slope, spread } from '../src/statistics.ts';
import { Stopwatches } from '../src/stopwatch.ts';
import { printRows } from '../src/table.ts';

describe('statistics', () => {
  it.each([
    { values: [3], middle: 3 },
    { values: [5, 1, 3], middle: 3 },
    { values: [4, 1, 2, 3], middle: 2.5 },
  ])('median of $values is $middle', ({ values, middle }) => {
    expect(median(values)).toBe(middle);
  });

  it('has no median of nothing', () => {
    expect(median([])).toBeNaN();
  });

  it('finds the slope of a line through noise that cancels out', () => {
    const points = [0, 1, 2, 3].map((x) => ({ x, y: 5 + 2 * x + (x % 2 === 0 ? 0.1 : -0.1) }));
    expect(slope(points)).toBeCloseTo(1.96, 6);
    expect(slope([{ x: 1, y: 1 }])).toBe(0);
  });

  it('says the spread', () => {
    expect(spread([0.5, 2, 1])).toBe('0.50 to 2.00');
  });
});

describe('options', () => {
  const known = ['file', 'memory'];

  it('takes names bare or by --only, and all of them where none is given', () => {
    expect(parseOptions(['file', '--only', 'memory'], known).names).toEqual(['file', 'memory']);
    expect(parseOptions([], known).names).toEqual(known);
  });

  it.each([['nothing'], ['--rounds', '0'], ['--minutes', 'x'], ['--what']])(
    'refuses %s %s',
    (...args) => {
      expect(() => parseOptions(args, known)).toThrow(
        expect.objectContaining({ reason: 'bad-arguments' }),
      );
    },
  );
});

describe('table', () => {
  it('marks what was expected', () => {
    const base = { unit: '×', detail: 'why' } as const;
    const text = printRows([
      { ...base, name: 'fast', figure: 0.61, atLeast: 0.6 },
      { ...base, name: 'slow one', figure: 0.59, atLeast: 0.6 },
      { ...base, name: 'grows', figure: 250, unit: 'MB/h', atMost: 200 },
    ]);
    expect(text.split('\n').map((line) => line.trim())).toEqual([
      'fast      0.610 ×   ✓ ≥ 0.6 ×     why',
      'slow one  0.590 ×   ✗ ≥ 0.6 ×     why',
      'grows     250 MB/h  ✗ ≤ 200 MB/h  why',
    ]);
  });
});

describe('stopwatches', () => {
  it('counts laps, those that throw too', async () => {
    const watches = new Stopwatches();
    watches.time('a', () => 1);
    await watches.timeAsync('a', () => Promise.resolve());
    expect(() =>
      watches.time('a', () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(watches.count('a')).toBe(3);
    expect(watches.count('b')).toBe(0);
    expect(watches.cpuMs('b')).toBe(0);
    expect(watches.wallMs('a')).toBeGreaterThan(0);
  });
});

describe('registry', () => {
  it('has every bench once', () => {
    const names = benches().map((bench) => bench.name);
    expect(names).toEqual([...new Set(names)]);
    expect(names).toEqual(expect.arrayContaining(['file', 'deface', 'stages', 'memory']));
  });
});
