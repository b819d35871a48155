import type { Evaluation, Failure } from '../run/evaluate.ts';
import type { UnitResult } from '../run/result.ts';
import type { Measure } from './goals.ts';
import type { Row } from './rows.ts';
import { percent, showFigure } from './rows.ts';

const TITLES: Record<Measure, string> = {
  'clear-faces': 'Clear faces covered (≥ 90 % of the box painted)',
  'hard-faces': 'Hard faces covered, apart',
  'text-boxes': 'Text boxes covered (≥ 95 % of the box painted)',
  exposure: 'Exposure: seconds per hour in which a clear face or a scored text is seen',
  'painted-mean': 'Painted on pure endoscopy',
  'painted-worst-source': 'Painted on pure endoscopy, worst source',
  'or-paint': 'Painted on pictures of operating rooms ÷ what grown ground truth would paint',
};

const MARKS = { yes: '✓', 'first-step': '~', no: '✗' } as const;

/** Lines of cells as aligned columns; the last column is left as it is. */
export function columns(lines: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const line of lines) {
    for (const [at, cell] of line.slice(0, -1).entries()) {
      widths[at] = Math.max(widths[at] ?? 0, cell.length);
    }
  }
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - cell.length)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The tables with the goal beside each figure: ✓ met, ~ first step met, ✗ not met. */
export function printTables(rows: readonly Row[]): string {
  const parts: string[] = [];
  for (const measure of Object.keys(TITLES) as Measure[]) {
    const own = rows.filter((row) => row.measure === measure);
    if (own.length === 0) continue;
    const lines = own.map((row) => [
      `  ${row.set}`,
      showFigure(row.measure, row.figure),
      row.verdict ? MARKS[row.verdict.met] : ' ',
      row.verdict?.goal ?? '',
      row.detail,
    ]);
    parts.push(`${TITLES[measure]}\n${columns(lines)}`);
  }
  return parts.join('\n\n');
}

/** Every missed box, by name: which file, which frame, where, how much of it was painted. */
export function printMissed(units: readonly UnitResult[], limit = 60): string {
  const lines = units.flatMap((unit) =>
    unit.missed.map((box) => {
      const at = [box.box.x, box.box.y, box.box.w, box.box.h].map(Math.round).join(',');
      const where = unit.kind === 'clip' ? `frame ${box.frame}` : '';
      const what = `${box.visibility} ${box.kind}`;
      return [`  ${unit.set}`, unit.unit, where, what, at, `${percent(box.paintedShare)} painted`];
    }),
  );
  if (lines.length === 0) return 'No scored box was missed.';
  const more =
    lines.length > limit ? `\n  … and ${lines.length - limit} more (--json has all)` : '';
  return `Missed boxes (x,y,w,h)\n${columns(lines.slice(0, limit))}${more}`;
}

/** One line for each cause: the same one often stops every file of a set. */
export function printFailures(failures: readonly Failure[]): string[] {
  const byCause = Map.groupBy(failures, (failure) => `${failure.set}: ${failure.message}`);
  return [...byCause].map(([cause, all]) => {
    const [first] = all;
    const files = all.length === 1 ? first?.unit : `${first?.unit} and ${all.length - 1} more`;
    return `NOT JUDGED: ${cause} (${files})`;
  });
}

/** Which weights and thresholds the figures belong to. */
export function printDetectors(detectors: Evaluation['detectors']): string {
  const lines = detectors.map(({ id, low, high, models }) => [
    `  ${id}`,
    `low ${Number(low.toFixed(3))}, high ${Number(high.toFixed(3))}`,
    models.map((model) => `${model.id} ${model.sha256.slice(0, 8)}`).join(', '),
  ]);
  return columns(lines);
}
