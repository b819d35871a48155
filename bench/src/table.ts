import type { BenchRow } from './bench.ts';

export function showFigure(row: Pick<BenchRow, 'figure' | 'unit'>): string {
  const digits = row.unit === '×' ? 3 : Math.abs(row.figure) >= 100 ? 0 : 2;
  return `${row.figure.toFixed(digits)} ${row.unit}`;
}

function expectation(row: BenchRow): string {
  const { atLeast, atMost, unit, figure } = row;
  if (atLeast !== undefined) return `${figure >= atLeast ? '✓' : '✗'} ≥ ${atLeast} ${unit}`;
  if (atMost !== undefined) return `${figure <= atMost ? '✓' : '✗'} ≤ ${atMost} ${unit}`;
  return '';
}

/** Rows as aligned columns: name, figure, what is expected, how it came about. */
export function printRows(rows: readonly BenchRow[]): string {
  const lines = rows.map((row) => [row.name, showFigure(row), expectation(row), row.detail]);
  const width = (at: number): number => Math.max(0, ...lines.map((line) => line[at]?.length ?? 0));
  return lines
    .map((line) => `  ${line.map((cell, at) => cell.padEnd(width(at))).join('  ')}`.trimEnd())
    .join('\n');
}
