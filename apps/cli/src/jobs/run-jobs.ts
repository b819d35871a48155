import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { FileJob, FileProgress } from '@drape/anonymizer/node';
import { failureOf } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { FileProcess } from './file-process.ts';
import type { ProcessOptions } from './file-process.ts';
import type { Outcome } from './messages.ts';
import { makeFolder } from './partials.ts';

/** What happens to the files of a run, in the order in which it happens. */
export interface JobEvents {
  started(job: FileJob): void;
  progress(job: FileJob, progress: FileProgress): void;
  completed(job: FileJob, outcome: Outcome): void;
  failedJob(job: FileJob, failure: Failure): void;
}

export interface RunOptions {
  readonly process: ProcessOptions;
  /** Files at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** Memory that one 1080p file with all its detectors may need, in bytes. */
const MEMORY_PER_FILE_BYTES = 1.5e9;

/** A process is replaced after so many files, so that no leak of a native library adds up. */
const FILES_PER_PROCESS = 200;

/** Files at a time where the caller does not say: one a core, as far as memory goes. */
export function defaultConcurrency(): number {
  const byMemory = Math.floor(process.availableMemory() / MEMORY_PER_FILE_BYTES);
  return Math.max(1, Math.min(availableParallelism(), byMemory));
}

/**
 * Runs every job in a process of its own kind, `concurrency` at a time. A process that failed is
 * replaced, one that did not takes the next file with its models loaded. The cores are shared out
 * among the files under way: a single one gets all of them. Once the signal is aborted no job
 * starts, and those under way end as `stopped`; jobs that never started are not reported.
 */
export async function runJobs(
  jobs: readonly Omit<FileJob, 'threads'>[],
  events: JobEvents,
  options: RunOptions,
): Promise<void> {
  const { concurrency, signal } = options;
  const waiting = [...jobs];
  let underWay = 0;
  const take = (): FileJob | undefined => {
    const next = signal.aborted ? undefined : waiting.shift();
    if (!next) return undefined;
    underWay++;
    const sharers = Math.min(concurrency, underWay + waiting.length);
    return { ...next, threads: Math.max(1, Math.floor(availableParallelism() / sharers)) };
  };
  const lane = async (): Promise<void> => {
    let worker: FileProcess | undefined;
    let files = 0;
    for (let job = take(); job; job = take()) {
      worker ??= new FileProcess(options.process);
      files++;
      const isFine = await runJob(worker, job, { events, signal });
      underWay--;
      if (isFine && worker.isAlive && files % FILES_PER_PROCESS !== 0) continue;
      await worker.close();
      worker = undefined;
    }
    await worker?.close();
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, jobs.length) }, lane));
}

async function runJob(
  worker: FileProcess,
  job: FileJob,
  { events, signal }: { readonly events: JobEvents; readonly signal: AbortSignal },
): Promise<boolean> {
  events.started(job);
  let undoFolder: (() => Promise<void>) | undefined;
  try {
    if (!job.dryRun) undoFolder = await makeFolder(path.dirname(job.output));
    const onProgress = (progress: FileProgress): void => {
      events.progress(job, progress);
    };
    events.completed(job, await worker.run(job, { signal, onProgress }));
    return true;
  } catch (error) {
    await undoFolder?.();
    events.failedJob(job, failureOf(error));
    return false;
  }
}
