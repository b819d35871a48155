import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { BenchError } from '../errors.ts';

/** What one process took. */
export interface Measured {
  /** From start to exit, as a user waits. */
  readonly wallS: number;
  /** User and system time of the process and its threads, where it tells; else undefined. */
  readonly cpuS: number | undefined;
  readonly output: string;
}

/** Lines that our own children print last: `DRAPE-BENCH {"cpuS": 1.5}`. */
export const REPORT_MARK = 'DRAPE-BENCH ';

/** Prints what this process took. For children of the bench. */
export function reportUsage(): void {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  console.log(`${REPORT_MARK}${JSON.stringify({ cpuS: (userCPUTime + systemCPUTime) / 1e6 })}`);
}

export interface MeasureOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** On top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Called with the running process, for who watches it. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs one process to its end and times it. Throws BenchError 'run-failed' with its last lines. */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const started = performance.now();
  const child = spawn(options.command, [...options.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    signal: options.signal,
  });
  options.onStart?.(child);
  const lines: string[] = [];
  const keep = (chunk: Buffer): void => {
    lines.push(chunk.toString());
    // A progress bar can print for hours; only the end matters.
    if (lines.length > 200) lines.splice(0, 100);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = Promise.withResolvers<number | null>();
  child.once('error', ended.reject);
  child.once('close', ended.resolve);
  const code = await ended.promise;
  const wallS = (performance.now() - started) / 1000;
  const output = lines.join('');
  if (code !== 0) {
    const what = [options.command, ...options.args].join(' ');
    throw new BenchError('run-failed', `${what} ended with ${code}:\n${output.slice(-2000)}`);
  }
  return { wallS, cpuS: reportedCpu(output), output };
}

function reportedCpu(output: string): number | undefined {
  const line = output.split('\n').findLast((one) => one.startsWith(REPORT_MARK));
  if (line === undefined) return undefined;
  const parsed: unknown = JSON.parse(line.slice(REPORT_MARK.length));
  const known = typeof parsed === 'object' && parsed !== null && 'cpuS' in parsed;
  return known && typeof parsed.cpuS === 'number' ? parsed.cpuS : undefined;
}

export interface TranscodeJob {
  readonly input: string;
  readonly output: string;
  readonly preset: string;
  readonly crf: number;
  readonly threads: number;
}

/** As scripts/setup/hand-over.mjs gives it to `drape`. */
const COMPILED = join(import.meta.dirname, '..', '..', '..', '.cache', 'compiled');

/** One of the bench's own children, run by the same Node. */
export function measureChild(
  script: 'ours.ts' | 'plain-transcode.ts',
  job: TranscodeJob,
  options: Pick<MeasureOptions, 'signal' | 'onStart'>,
): Promise<Measured> {
  return measure({
    ...options,
    command: process.execPath,
    env: { NODE_COMPILE_CACHE: COMPILED },
    args: ['--no-warnings', join(import.meta.dirname, script), JSON.stringify(job)],
  });
}
