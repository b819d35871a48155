import type { FileJob, FileProgress } from '@drape/anonymizer/node';
import type { Failure } from '../failure.ts';
import type { Outcome } from '../jobs/messages.ts';
import type { RunSummary, RunView } from './view.ts';
import { etaMs } from './words.ts';

/** One line of `--json`. Times in milliseconds unless the name says otherwise; null: not known. */
export type JsonLine =
  | { type: 'plan'; files: number; concurrency: number }
  | { type: 'skipped'; input: string; why: string }
  | { type: 'started'; input: string; output: string }
  | {
      type: 'progress';
      input: string;
      stage: FileProgress['stage'];
      framesDone: number;
      framesTotal: number | null;
      framesPerSecond: number;
      etaMs: number | null;
    }
  | ({ type: 'done'; input: string; output: string; dryRun: boolean } & Outcome)
  | { type: 'failed'; input: string; reason: string; message: string }
  | { type: 'stopping'; signal: string }
  | {
      type: 'summary';
      done: number;
      failed: number;
      skipped: number;
      unfinished: number;
      elapsedMs: number;
      exitCode: number;
    };

const PROGRESS_EVERY_MS = 500;

/** One JSON object a line on stdout, nothing else there. */
export class JsonView implements RunView {
  readonly #lastMs = new Map<string, number>();

  planned(plan: { files: number; concurrency: number }): void {
    print({ type: 'plan', ...plan });
  }

  skipped(path: string, why: string): void {
    print({ type: 'skipped', input: path, why });
  }

  refused(path: string, failure: Failure): void {
    print({ type: 'failed', input: path, reason: failure.reason, message: failure.message });
  }

  started(job: FileJob): void {
    print({ type: 'started', input: job.input, output: job.output });
  }

  progress(job: FileJob, progress: FileProgress): void {
    const nowMs = performance.now();
    if (nowMs - (this.#lastMs.get(job.output) ?? Number.NEGATIVE_INFINITY) < PROGRESS_EVERY_MS) {
      return;
    }
    this.#lastMs.set(job.output, nowMs);
    print({
      type: 'progress',
      input: job.input,
      stage: progress.stage,
      framesDone: progress.framesDone,
      framesTotal: progress.framesTotal ?? null,
      framesPerSecond: progress.framesPerSecond,
      etaMs: etaMs(progress) ?? null,
    });
  }

  completed(job: FileJob, outcome: Outcome): void {
    print({ type: 'done', input: job.input, output: job.output, dryRun: job.dryRun, ...outcome });
  }

  failedJob(job: FileJob, failure: Failure): void {
    this.refused(job.input, failure);
  }

  stopping(signal: string): void {
    print({ type: 'stopping', signal });
  }

  finished(summary: RunSummary): void {
    const { done, failed, skipped, unfinished, elapsedMs, exitCode } = summary;
    const counts = { done, failed: failed.length, skipped, unfinished };
    print({ type: 'summary', ...counts, elapsedMs: Math.round(elapsedMs), exitCode });
  }
}

function print(line: JsonLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
