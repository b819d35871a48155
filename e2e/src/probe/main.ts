import { ProbeError } from '../errors.ts';
import type { ProbeStats } from './account.ts';
import { USAGE, parseOptions } from './options.ts';
import { runProbe } from './run.ts';

const EXIT = { recorded: 0, failed: 1, refused: 2, interrupted: 130 } as const;
const REFUSALS: readonly string[] = ['bad-arguments', 'clip-unusable', 'browser-missing'];

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupt.abort(new Error('interrupted'));
  });
}

function summary(stats: ProbeStats): string {
  const { viewer, glassToGlassMs: all, settledMs: settled, capture } = stats;
  const fixed = (value: number): string => value.toFixed(1);
  const lines = [
    `camera ${fixed(stats.camera.framesPerSecond)} frames/s, viewer ${fixed(viewer.framesPerSecond)}; ` +
      `${viewer.frames} frames: ${viewer.read} numbers read, ${viewer.inferred} inferred, ${viewer.unknown} unknown`,
    `glass to glass: p50 ${all?.p50 ?? '-'} ms, p95 ${all?.p95 ?? '-'} ms; ` +
      `settled p50 ${settled?.p50 ?? '-'} ms, p95 ${settled?.p95 ?? '-'} ms`,
    `longest picture ${fixed(viewer.longestMs)} ms, ${viewer.freezes.length} freezes`,
    `CPU, in cores: ${stats.cpu.map((one) => `${one.name} ${one.cores.toFixed(2)}`).join(', ')}`,
    `load ${fixed(stats.load.before)} before, ${fixed(stats.load.after)} after`,
  ];
  if (capture.behind) {
    const share = (capture.share * 100).toFixed(1);
    lines.push(
      `THE RECORDING WAS BEHIND: ${capture.missed} shown pictures (${share} %) were not recorded.`,
    );
  }
  return lines.join('\n');
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (!options) {
    console.log(USAGE);
    return EXIT.recorded;
  }
  const { stats } = await runProbe({
    ...options,
    signal: interrupt.signal,
    say: (line) => process.stderr.write(`  … ${line}\n`),
  });
  console.log(`${summary(stats)}\nkept in ${options.outFolder}`);
  return EXIT.recorded;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (interrupt.signal.aborted) {
    process.exitCode = EXIT.interrupted;
  } else if (error instanceof ProbeError) {
    console.error(error.message);
    process.exitCode = REFUSALS.includes(error.reason) ? EXIT.refused : EXIT.failed;
  } else {
    throw error;
  }
}
