import type { BoxCount, UnitResult } from '../run/result.ts';
import type { EvalSet } from '../sets.ts';
import type { Measure, Verdict } from './goals.ts';
import { verdict } from './goals.ts';

/** One line of a table: one figure of one set. */
export interface Row {
  readonly measure: Measure;
  readonly set: string;
  /** Share 0..1, seconds per hour, or ratio, by the measure. */
  readonly figure: number;
  /** What the figure is made of, for people. */
  readonly detail: string;
  readonly verdict?: Verdict;
}

export interface SetResult {
  readonly set: Pick<EvalSet, 'name' | 'table' | 'orPaint' | 'facesAlone'>;
  readonly units: readonly UnitResult[];
}

const SECONDS_PER_HOUR = 3600;

export const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;
const perHour = (seconds: number): string => `${Number(seconds.toFixed(1))} s/h`;
const times = (ratio: number): string => `${ratio.toFixed(2)} ×`;

export function showFigure(measure: Measure, figure: number): string {
  if (measure === 'exposure') return perHour(figure);
  return measure === 'or-paint' ? times(figure) : percent(figure);
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const mean = (values: readonly number[]): number => sum(values) / Math.max(1, values.length);

function boxRow(
  measure: Measure,
  set: string,
  counts: readonly BoxCount[],
): Omit<Row, 'verdict'> | undefined {
  const all = sum(counts.map((count) => count.all));
  const covered = sum(counts.map((count) => count.covered));
  if (all === 0) return undefined;
  return { measure, set, figure: covered / all, detail: `${covered} of ${all} boxes` };
}

/** Seconds per hour in which something that must be covered is seen. */
export function exposureSecondsPerHour(units: readonly UnitResult[]): number | undefined {
  const judged = sum(units.map((unit) => unit.judgedFrames));
  const exposed = sum(units.map((unit) => unit.exposedFrames));
  return judged > 0 ? (SECONDS_PER_HOUR * exposed) / judged : undefined;
}

function exposureRow({ set, units }: SetResult): Omit<Row, 'verdict'> | undefined {
  const figure = exposureSecondsPerHour(units);
  if (set.table !== 'clips' || figure === undefined) return undefined;
  const frames = sum(units.map((unit) => unit.frames));
  const whole = sum(units.map((unit) => unit.wholeFrames));
  const missing = sum(units.map((unit) => unit.missingFrames));
  const exposed = sum(units.map((unit) => unit.exposedFrames));
  const painted = sum(units.map((unit) => unit.paintedShare * unit.frames)) / Math.max(1, frames);
  const detail = [
    `${exposed} of ${sum(units.map((unit) => unit.judgedFrames))} judged frames`,
    `${whole} of ${frames} covered whole`,
    `painted ${percent(painted)}`,
    ...(missing > 0 ? [`${missing} MISSING from the output`] : []),
  ].join(', ');
  return { measure: 'exposure', set: set.name, figure, detail };
}

function orPaintRow({ set, units }: SetResult): Omit<Row, 'verdict'> | undefined {
  const grown = sum(units.map((unit) => unit.paint.grownTruthPx));
  if (!set.orPaint || grown === 0) return undefined;
  const painted = sum(units.map((unit) => unit.paint.paintedPx));
  const whole = sum(units.map((unit) => unit.wholeFrames));
  const detail = `${whole} of ${units.length} pictures covered whole, not counted`;
  return { measure: 'or-paint', set: set.name, figure: painted / grown, detail };
}

/** What was painted on endoscopy, by source: each source weighs the same, however long it is. */
export interface SourcePaint {
  readonly source: string;
  readonly frames: number;
  readonly wholeFrames: number;
  /** Mean over frames, those covered whole included, 0..1. */
  readonly paintedShare: number;
  readonly worstShare: number;
}

export function endoscopyBySource(results: readonly SetResult[]): SourcePaint[] {
  const sources = new Map<string, UnitResult['endoscopy'][]>();
  for (const { set, units } of results) {
    for (const unit of units) {
      // Face pictures without a face box are no endoscopy; the demo clip's in-body part is.
      const counts = set.table === 'endoscopy' || set.table === 'clips';
      if (!counts || unit.endoscopy.frames === 0) continue;
      const known = sources.get(unit.source) ?? [];
      sources.set(unit.source, [...known, unit.endoscopy]);
    }
  }
  return [...sources].map(([source, parts]) => {
    const frames = sum(parts.map((part) => part.frames));
    return {
      source,
      frames,
      wholeFrames: sum(parts.map((part) => part.wholeFrames)),
      paintedShare: sum(parts.map((part) => part.paintedShare * part.frames)) / frames,
      worstShare: Math.max(...parts.map((part) => part.worstShare)),
    };
  });
}

function endoscopyRows(
  results: readonly SetResult[],
  { facesAlone }: { readonly facesAlone: boolean },
): Omit<Row, 'verdict'>[] {
  const counted = results.filter(({ set }) => (set.facesAlone ?? false) === facesAlone);
  const sources = endoscopyBySource(counted);
  if (sources.length === 0) return [];
  const named = (name: string): string => (facesAlone ? `${name}, faces alone` : name);
  const rows = sources.map((source) => ({
    measure: 'painted-mean' as const,
    set: named(source.source),
    figure: source.paintedShare,
    detail:
      `${source.wholeFrames} of ${source.frames} covered whole, ` +
      `most painted other ${percent(source.worstShare)}`,
  }));
  const worst = sources.reduce((a, b) => (b.paintedShare > a.paintedShare ? b : a));
  const all = mean(sources.map((source) => source.paintedShare));
  return [
    ...rows,
    {
      measure: 'painted-mean',
      set: named('all'),
      figure: all,
      detail: `${sources.length} sources`,
    },
    {
      measure: 'painted-worst-source',
      set: named('all'),
      figure: worst.paintedShare,
      detail: worst.source,
    },
  ];
}

/** All rows of all tables, each with its goal where there is one. */
export function rowsOf(results: readonly SetResult[], hold: 'file' | 'live'): Row[] {
  const bare: (Omit<Row, 'verdict'> | undefined)[] = [];
  for (const result of results) {
    const { set, units } = result;
    if (set.facesAlone) {
      bare.push(orPaintRow(result));
      continue;
    }
    const boxes = (measure: Measure, pick: (unit: UnitResult) => BoxCount): void => {
      bare.push(boxRow(measure, set.name, units.map(pick)));
    };
    boxes('clear-faces', (unit) => unit.clearFaces);
    const easier = units.map((unit) => unit.easyAndMedium);
    bare.push(boxRow('clear-faces', `${set.name}, easy and medium`, easier));
    boxes('hard-faces', (unit) => unit.hardFaces);
    boxes('text-boxes', (unit) => unit.texts);
    bare.push(exposureRow(result), orPaintRow(result));
  }
  bare.push(...endoscopyRows(results, { facesAlone: false }));
  bare.push(...endoscopyRows(results, { facesAlone: true }));
  return bare
    .filter((row) => row !== undefined)
    .map((row) => {
      const found = verdict(row, hold, (figure) => showFigure(row.measure, figure));
      return found ? { ...row, verdict: found } : row;
    });
}
