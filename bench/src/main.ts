import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BenchContext, BenchRow } from './bench.ts';
import { BenchError } from './errors.ts';
import type { Surroundings } from './machine.ts';
import { describe, lookAround, machineFacts } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { parseOptions } from './options.ts';
import { benches } from './registry.ts';
import { printRows } from './table.ts';

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');
const EXIT = { measured: 0, failed: 1, refused: 2, interrupted: 130 } as const;

interface Measured {
  readonly name: string;
  readonly before: Surroundings;
  readonly after: Surroundings;
  readonly rows: readonly BenchRow[];
  readonly error?: string;
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupt.abort(new Error('interrupted'));
  });
}

function usage(): string {
  const list = benches().map((bench) => `  ${bench.name.padEnd(8)} ${bench.title}`);
  return `npm run bench -- [NAME…] [options]

Measures ratios within one run: figures of other machines or other runs do not compare.

${list.join('\n')}

  --only NAME    the same as NAME; may be repeated
  --rounds N     runs of each side, interleaved; the median counts (default 3)
  --minutes N    length of the input of "memory" (default 30)
  --threads N    threads of every side (default: as many as there are cores)
  --json FILE    where the figures are kept (default: results/bench/TIME.json)

Exit codes: 0 measured, 1 a bench failed, 2 bad arguments or no test data.`;
}

async function runAll(options: BenchOptions): Promise<Measured[]> {
  const context: BenchContext = {
    cacheFolder: join(PROJECT_ROOT, '.cache', 'bench'),
    threads: options.threads,
    rounds: options.rounds,
    minutes: options.minutes,
    signal: interrupt.signal,
    say: (line) => process.stderr.write(`  … ${line}\n`),
  };
  await mkdir(context.cacheFolder, { recursive: true });
  const measured: Measured[] = [];
  for (const bench of benches().filter((one) => options.names.includes(one.name))) {
    const before = await lookAround();
    console.log(`\n${bench.title}\n  before: ${describe(before)}`);
    let rows: readonly BenchRow[] = [];
    let error: string | undefined;
    try {
      rows = await bench.run(context);
    } catch (cause) {
      interrupt.signal.throwIfAborted();
      error = cause instanceof Error ? cause.message : String(cause);
    }
    const after = await lookAround();
    console.log(`  after: ${describe(after)}\n${printRows(rows)}`);
    if (error !== undefined) console.error(`  NOT MEASURED: ${error}`);
    measured.push({
      name: bench.name,
      before,
      after,
      rows,
      ...(error === undefined ? {} : { error }),
    });
  }
  return measured;
}

async function main(): Promise<number> {
  const known = benches().map((bench) => bench.name);
  const options = parseOptions(process.argv.slice(2), known);
  if (options.help) {
    console.log(usage());
    return EXIT.measured;
  }
  const startedAt = new Date().toISOString();
  const machine = machineFacts();
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, node ${machine.node}; ` +
      `${options.threads} threads a side`,
  );
  const measured = await runAll(options);
  const name = `${startedAt.replace(/[:.]/g, '-')}.json`;
  const file = options.jsonFile ?? join(PROJECT_ROOT, 'results', 'bench', name);
  await mkdir(dirname(file), { recursive: true });
  const { threads, rounds, minutes } = options;
  const content = { startedAt, machine, threads, rounds, minutes, benches: measured };
  await writeFile(file, `${JSON.stringify(content, undefined, 2)}\n`);
  console.log(`\nkept in ${file}`);
  return measured.every((one) => one.error === undefined) ? EXIT.measured : EXIT.failed;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (interrupt.signal.aborted) {
    process.exitCode = EXIT.interrupted;
  } else if (error instanceof BenchError) {
    console.error(error.message);
    process.exitCode = EXIT.refused;
  } else {
    throw error;
  }
}
