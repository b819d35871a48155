import { describe, expect, it } from 'vitest';
import type { JudgedFrame } from '../src/judge/frame.ts';
import { axisTop, drawHoldCurve } from '../src/hold-curve/draw.ts';
import { curvePoint } from '../src/hold-curve/write.ts';
import { columns, printMissed, printTables } from '../src/report/print.ts';
import { endoscopyBySource, rowsOf } from '../src/report/rows.ts';
import type { UnitResult } from '../src/run/result.ts';
import { Tally } from '../src/run/result.ts';

const box = { x: 10, y: 20, w: 30, h: 40 };

function frame(facts: Partial<JudgedFrame> = {}): JudgedFrame {
  return {
    boxes: [],
    exposed: false,
    paintedPx: 0,
    paintedShare: 0,
    whole: false,
    areaPx: 1000,
    ...facts,
  };
}

const face = (covered: boolean, visibility: 'clear' | 'hard' = 'clear') => ({
  kind: 'face' as const,
  visibility,
  box,
  covered,
  easyOrMedium: false,
  paintedShare: covered ? 1 : 0.5,
});

function unitOf(
  frames: readonly { judged: JudgedFrame; weight?: number; endoscopy?: boolean; grown?: number }[],
  unit: Partial<Pick<UnitResult, 'set' | 'unit' | 'source' | 'kind'>> = {},
): UnitResult {
  const tally = new Tally();
  for (const [number, one] of frames.entries()) {
    tally.add(one.judged, {
      number,
      weight: one.weight ?? 1,
      pureEndoscopy: one.endoscopy ?? false,
      grownTruthPx: one.grown ?? 0,
    });
  }
  return tally.result({
    set: 'demo',
    unit: 'a',
    source: 'a',
    kind: 'clip',
    pipelineMs: 1,
    ...unit,
  });
}

describe('exposure', () => {
  const clips = { name: 'demo', table: 'clips' } as const;

  it('weighs a frame by how many it stands for', () => {
    const unit = unitOf([
      { judged: frame({ exposed: true, boxes: [face(false)] }), weight: 10 },
      { judged: frame({ boxes: [face(true)] }), weight: 10 },
      { judged: frame({ boxes: [face(true)] }), weight: 20 },
      { judged: frame(), weight: 0 },
    ]);
    const row = rowsOf([{ set: clips, units: [unit] }], 'file').find(
      (one) => one.measure === 'exposure',
    );
    expect(row).toMatchObject({ figure: 900, verdict: { goal: '≤ 0 s/h', met: 'no' } });
  });

  it('has another goal for live settings', () => {
    const exposed = { judged: frame({ exposed: true }), weight: 1 };
    const covered = { judged: frame(), weight: 719 };
    const result = [{ set: clips, units: [unitOf([exposed, covered])] }];
    expect(rowsOf(result, 'live')[0]).toMatchObject({ figure: 5, verdict: { met: 'yes' } });
    expect(rowsOf(result, 'file')[0]).toMatchObject({ figure: 5, verdict: { met: 'no' } });
  });

  it('does not count a missing frame as exposed, and reports it', () => {
    const tally = new Tally();
    tally.add(frame(), { number: 0, weight: 1, pureEndoscopy: false, grownTruthPx: 0 });
    tally.missing(1);
    const unit = tally.result({ set: 'demo', unit: 'a', source: 'a', kind: 'clip', pipelineMs: 1 });
    const [row] = rowsOf([{ set: clips, units: [unit] }], 'file');
    expect(row).toMatchObject({ figure: 0 });
    expect(row?.detail).toContain('1 MISSING');
  });
});

describe('boxes', () => {
  const stills = { name: 'or_stills', table: 'faces', orPaint: true } as const;

  it('keeps clear, hard and text apart', () => {
    const unit = unitOf([
      { judged: frame({ boxes: [face(true), face(false), face(false, 'hard')] }) },
      { judged: frame({ boxes: [{ ...face(true), kind: 'text' }] }) },
    ]);
    const rows = rowsOf([{ set: stills, units: [unit] }], 'file');
    expect(rows.map((row) => [row.measure, row.figure])).toEqual([
      ['clear-faces', 0.5],
      ['hard-faces', 0],
      ['text-boxes', 1],
    ]);
    expect(unit.missed).toHaveLength(2);
    expect(printMissed([unit])).toContain('10,20,30,40');
  });

  it('shows the easy and medium faces of WIDER once more, apart', () => {
    const boxes = [{ ...face(true), easyOrMedium: true }, face(false)];
    const rows = rowsOf(
      [
        {
          set: { name: 'wider_mix', table: 'faces' },
          units: [unitOf([{ judged: frame({ boxes }) }])],
        },
      ],
      'file',
    );
    expect(rows).toMatchObject([
      { set: 'wider_mix', figure: 0.5, verdict: { met: 'no' } },
      { set: 'wider_mix, easy and medium', figure: 1, verdict: { met: 'yes' } },
    ]);
  });

  it('divides paint by grown ground truth and leaves out pictures covered whole', () => {
    const units = [
      unitOf([{ judged: frame({ paintedPx: 300 }), grown: 200 }]),
      unitOf([{ judged: frame({ paintedPx: 1000, whole: true }), grown: 200 }]),
    ];
    const [row] = rowsOf([{ set: stills, units }], 'file');
    expect(row).toMatchObject({ measure: 'or-paint', figure: 1.5, verdict: { met: 'no' } });
    expect(row?.detail).toContain('1 of 2 pictures covered whole');
  });

  it('says nothing but the paint of pictures in which only faces were looked for', () => {
    const units = [
      unitOf([{ judged: frame({ boxes: [face(true)], paintedPx: 300 }), grown: 200 }]),
    ];
    const alone = { ...stills, name: 'or_stills_faces_alone', facesAlone: true } as const;
    expect(rowsOf([{ set: alone, units }], 'file')).toMatchObject([
      { measure: 'or-paint', figure: 1.5, verdict: { met: 'no' } },
    ]);
  });
});

describe('paint on endoscopy', () => {
  const set = { name: 'view', table: 'endoscopy' } as const;
  const units = [
    unitOf([{ judged: frame({ paintedShare: 0.04 }), endoscopy: true }], { source: 'one' }),
    unitOf([{ judged: frame(), endoscopy: true }], { source: 'two' }),
    unitOf(
      [
        { judged: frame({ paintedShare: 0.01 }), endoscopy: true },
        { judged: frame({ paintedShare: 0.01 }), endoscopy: true },
        { judged: frame({ paintedShare: 1 }), endoscopy: false },
      ],
      { source: 'two' },
    ),
  ];

  it('gives every source the same weight', () => {
    const sources = endoscopyBySource([{ set, units }]);
    expect(sources.map((one) => [one.source, one.frames])).toEqual([
      ['one', 1],
      ['two', 3],
    ]);
    const rows = rowsOf([{ set, units }], 'file');
    const all = rows.filter((row) => row.set === 'all');
    expect(all[0]?.figure).toBeCloseTo((0.04 + 0.02 / 3) / 2, 9);
    expect(all[0]?.verdict).toMatchObject({ met: 'no', goal: '≤ 0.3 % (first ≤ 2 %)' });
    expect(all[1]).toMatchObject({ figure: 0.04, detail: 'one', verdict: { met: 'no' } });
  });

  it('tells what faces alone painted apart', () => {
    const alone = { ...set, name: 'view_faces_alone', facesAlone: true } as const;
    const clean = [unitOf([{ judged: frame(), endoscopy: true }], { source: 'one' })];
    const rows = rowsOf(
      [
        { set, units },
        { set: alone, units: clean },
      ],
      'file',
    );
    expect(rows.filter((row) => row.set === 'all')).toHaveLength(2);
    expect(rows.find((row) => row.set === 'one, faces alone')).toMatchObject({ figure: 0 });
    expect(rows.filter((row) => row.set === 'all, faces alone')).toMatchObject([
      { measure: 'painted-mean', figure: 0, verdict: { met: 'yes' } },
      { measure: 'painted-worst-source', figure: 0, verdict: { met: 'yes' } },
    ]);
  });

  it('counts frames covered whole as painted, and says how many', () => {
    const whole = unitOf(
      [
        { judged: frame({ paintedShare: 1, whole: true }), endoscopy: true },
        { judged: frame({ paintedShare: 0.002 }), endoscopy: true },
      ],
      { source: 'clip' },
    );
    const [row] = rowsOf([{ set, units: [whole] }], 'file');
    expect(row?.figure).toBeCloseTo(0.501, 9);
    expect(row?.detail).toBe('1 of 2 covered whole, most painted other 0.2 %');
  });
});

describe('print', () => {
  it('aligns columns and puts goal and mark beside the figure', () => {
    expect(
      columns([
        ['a', 'bb', 'c'],
        ['aaa', 'b', 'c'],
      ]),
    ).toBe('a    bb  c\naaa  b   c');
    const text = printTables([
      {
        measure: 'exposure',
        set: 'demo',
        figure: 0,
        detail: '0 of 5',
        verdict: { goal: '≤ 0 s/h', met: 'yes' },
      },
    ]);
    expect(text).toContain('demo  0 s/h  ✓  ≤ 0 s/h  0 of 5');
  });
});

describe('hold curve', () => {
  it('has a point for each set and hold', () => {
    const unit = unitOf([
      { judged: frame({ exposed: true, boxes: [face(false)] }) },
      { judged: frame({ whole: true, boxes: [face(true)] }) },
    ]);
    expect(curvePoint(100, 'demo', [unit])).toEqual({
      hold: 100,
      set: 'demo',
      exposureSecondsPerHour: 1800,
      wholeShare: 0.5,
      clearFacesCovered: 0.5,
    });
  });

  it('draws an SVG that names every set and every hold', () => {
    const svg = drawHoldCurve(
      ([0, 'whole'] as const).map((hold) => ({
        hold,
        set: 'demo',
        exposureSecondsPerHour: hold === 0 ? 37 : 0,
        wholeShare: 0,
        clearFacesCovered: 1,
      })),
    );
    expect(svg).toContain('>demo</text>');
    expect(svg).toContain('>whole file</text>');
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it.each([
    [0, 1],
    [3, 5],
    [37, 50],
    [51, 100],
    [100, 100],
  ])('ends an axis for %d at %d', (largest, top) => {
    expect(axisTop(largest)).toBe(top);
  });
});
