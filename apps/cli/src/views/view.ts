import type { JobEvents } from '../jobs/run-jobs.ts';
import type { Failure } from '../failure.ts';

export interface RunSummary {
  readonly done: number;
  readonly failed: readonly { readonly path: string; readonly failure: Failure }[];
  /** Files that an interruption stopped or kept from starting. */
  readonly unfinished: number;
  readonly skipped: number;
  readonly elapsedMs: number;
  readonly exitCode: number;
  readonly isDryRun: boolean;
}

/** Shows a run: bars on a terminal, lines elsewhere, JSON lines for programs. */
export interface RunView extends JobEvents {
  planned(plan: { readonly files: number; readonly concurrency: number }): void;
  skipped(path: string, why: string): void;
  /** A file that failed before its job could start. */
  refused(path: string, failure: Failure): void;
  stopping(signal: string): void;
  finished(summary: RunSummary): void;
}
