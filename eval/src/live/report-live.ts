import { writeFile } from 'node:fs/promises';
import { printFailures, printMissed, printTables, columns } from '../report/print.ts';
import { rowsOf } from '../report/rows.ts';
import type { LiveEvaluation, LiveUnit } from './run-live.ts';

const ms = (value: number | undefined): string =>
  value === undefined ? '-' : `${Math.round(value)} ms`;

function line(unit: LiveUnit): string[] {
  const { stats } = unit;
  const notes = [
    `${unit.framesShown} frames`,
    ...(unit.inferred > 0 ? [`${unit.inferred} numbers inferred`] : []),
    ...(unit.inferredUncovered > 0 ? [`${unit.inferredUncovered} of them not covered whole`] : []),
    ...(unit.uncertain > 0 ? [`${unit.uncertain} UNCERTAIN AT A CUT`] : []),
    ...(unit.unjudged > 0 ? [`${unit.unjudged} UNJUDGED`] : []),
    ...(stats.capture.behind ? [`THE RECORDING MISSED ${stats.capture.missed} PICTURES`] : []),
    `load ${stats.load.before.toFixed(1)} to ${stats.load.after.toFixed(1)}`,
  ];
  return [
    `  ${unit.set}`,
    unit.unit,
    `${stats.viewer.framesPerSecond.toFixed(1)} frames/s`,
    `p50 ${ms(stats.settledMs?.p50)}`,
    `p95 ${ms(stats.settledMs?.p95)}`,
    `longest picture ${ms(stats.viewer.longestMs)}`,
    notes.join(', '),
  ];
}

/** Prints the table of files, judged by what viewers saw, for each mode; false where clips failed. */
export async function reportLive(
  evaluations: readonly LiveEvaluation[],
  options: { readonly profile: string; readonly jsonFile: string | undefined },
): Promise<boolean> {
  const all = evaluations.map((evaluation) => ({
    ...evaluation,
    rows: rowsOf(evaluation.results, 'live'),
  }));
  for (const { mode, results, rows, units } of all) {
    console.log(`\nLive, ${mode} mode, profile ${options.profile}: what a viewer saw\n`);
    console.log(printTables(rows));
    console.log(`\nGlass to glass, hold included, once settled\n${columns(units.map(line))}`);
    console.log(`\n${printMissed(results.flatMap((result) => result.units))}`);
  }
  const failures = all.flatMap((evaluation) => evaluation.failures);
  for (const failure of printFailures(failures)) console.error(failure);
  if (options.jsonFile !== undefined) {
    const modes = all.map(({ mode, rows, units, results }) => ({
      mode,
      rows,
      live: units,
      units: results.flatMap((result) => result.units),
    }));
    const content = { profile: options.profile, modes, failures };
    await writeFile(options.jsonFile, `${JSON.stringify(content, undefined, 1)}\n`);
  }
  return failures.length === 0;
}
