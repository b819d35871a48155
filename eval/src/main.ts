import { writeFile } from 'node:fs/promises';
import { FileAnonymizer } from '@drape/anonymizer/node';
import { dataRoot } from './data-root.ts';
import { EvalError } from './errors.ts';
import { writeHoldCurve } from './hold-curve/write.ts';
import { reportLive } from './live/report-live.ts';
import { evaluateLive } from './live/run-live.ts';
import type { EvalOptions } from './options.ts';
import { USAGE, parseOptions } from './options.ts';
import { Pictures } from './pictures/pictures.ts';
import { Progress } from './progress.ts';
import { printDetectors, printFailures, printMissed, printTables } from './report/print.ts';
import { rowsOf } from './report/rows.ts';
import type { Evaluation } from './run/evaluate.ts';
import { evaluate } from './run/evaluate.ts';
import { writeTrackerCurves } from './tracker-curves/write.ts';

const EXIT = { judged: 0, failed: 1, refused: 2, interrupted: 130 } as const;

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupt.abort(new Error('interrupted'));
  });
}

async function report(options: EvalOptions, evaluation: Evaluation): Promise<number> {
  const { results, failures, detectors } = evaluation;
  const units = results.flatMap((result) => result.units);
  const rows = rowsOf(results, options.hold === 'whole' ? 'file' : 'live');
  const held = options.hold === 'whole' ? 'whole file seen' : `hold ${options.hold} ms`;
  console.log(`profile ${options.profile}, ${held}\n${printDetectors(detectors)}\n`);
  console.log(printTables(rows));
  console.log(`\n${printMissed(units)}`);
  for (const line of printFailures(failures)) console.error(line);
  if (options.jsonFile !== undefined) {
    const { profile, hold } = options;
    const content = { profile, hold, detectors, rows, units, failures };
    await writeFile(options.jsonFile, `${JSON.stringify(content, undefined, 1)}\n`);
  }
  return failures.length === 0 ? EXIT.judged : EXIT.failed;
}

async function judgeLive(options: EvalOptions, root: string): Promise<number> {
  const pictures =
    options.picturesFolder === undefined ? undefined : await Pictures.into(options.picturesFolder);
  const common = { ...options, root, pictures, progress: new Progress(), signal: interrupt.signal };
  const evaluations = [];
  for (const mode of options.liveModes) evaluations.push(await evaluateLive({ ...common, mode }));
  return (await reportLive(evaluations, options)) ? EXIT.judged : EXIT.failed;
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (!options) {
    console.log(USAGE);
    return EXIT.judged;
  }
  const root = dataRoot();
  if (options.liveModes.length > 0) return await judgeLive(options, root);
  const quiet = { ...options, root, progress: new Progress(), signal: interrupt.signal };
  if (options.trackerCurves) return await writeTrackerCurves(quiet);
  // Detectors stay loaded from unit to unit: opening them costs more than a still.
  await using anonymizer = new FileAnonymizer({ threads: 1 });
  const common = { ...quiet, anonymizer };
  if (options.holdCurve) return await writeHoldCurve(common);
  const pictures =
    options.picturesFolder === undefined ? undefined : await Pictures.into(options.picturesFolder);
  return await report(options, await evaluate({ ...common, pictures }));
}

try {
  process.exitCode = await main();
} catch (error) {
  if (interrupt.signal.aborted) {
    process.exitCode = EXIT.interrupted;
  } else if (
    error instanceof EvalError &&
    (error.reason === 'bad-arguments' || error.reason === 'data-missing')
  ) {
    console.error(error.message);
    process.exitCode = EXIT.refused;
  } else {
    throw error;
  }
}
