import type { FileJob, FileProgress } from '@drape/anonymizer/node';
import { EXIT } from '../exit-codes.ts';
import type { Failure } from '../failure.ts';
import type { RunView } from '../views/view.ts';
import type { Outcome } from './messages.ts';
import type { JobEvents } from './run-jobs.ts';

/** Counts what became of the files while the view shows it. */
export class Tally implements JobEvents {
  readonly failed: { readonly path: string; readonly failure: Failure }[] = [];
  done = 0;
  readonly #view: RunView;
  readonly #stop: AbortSignal;

  constructor(view: RunView, stop: AbortSignal) {
    this.#view = view;
    this.#stop = stop;
  }

  /** A file that failed before it could become a job. */
  refuse(path: string, failure: Failure): void {
    this.failed.push({ path, failure });
    this.#view.refused(path, failure);
  }

  started(job: FileJob): void {
    this.#view.started(job);
  }

  progress(job: FileJob, progress: FileProgress): void {
    this.#view.progress(job, progress);
  }

  completed(job: FileJob, outcome: Outcome): void {
    this.done++;
    this.#view.completed(job, outcome);
  }

  failedJob(job: FileJob, failure: Failure): void {
    // What an interruption ended did not fail; it counts as unfinished.
    if (!this.#stop.aborted) this.failed.push({ path: job.input, failure });
    this.#view.failedJob(job, failure);
  }

  /** The exit code of a run that no signal ended. */
  exitCode(): number {
    if (this.failed.some(({ failure }) => failure.isSetupMissing)) return EXIT.notSetUp;
    if (this.failed.length > 0) return EXIT.someFailed;
    return this.done > 0 ? EXIT.ok : EXIT.nothingToDo;
  }
}
