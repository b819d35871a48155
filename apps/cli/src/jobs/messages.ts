import type { FileJob, FileProgress, FileResult } from '@drape/anonymizer/node';
import type { Failure } from '../failure.ts';

/** What became of one file: counts, never the timeline itself. */
export type Outcome = Omit<FileResult, 'timeline'> & {
  /** Tracks by class: what was covered. */
  readonly covered: Readonly<Record<string, number>>;
  /** Frames covered whole, by cause. */
  readonly wholeFrames: Readonly<Record<string, number>>;
  /** What went wrong on the way, by what it was, and how often. Everything there is covered. */
  readonly incidents: Readonly<Record<string, number>>;
};

/** From the command line to a file process. It gets the next job when it has answered the last. */
export type ToWorker =
  | { readonly type: 'job'; readonly job: FileJob }
  /** Give up the job, clean up, answer. */
  | { readonly type: 'stop' }
  /** No more jobs will come. */
  | { readonly type: 'end' };

/** From a file process to the command line. */
export type FromWorker =
  /** Sent every few seconds, so that a process that hangs in native code is told from a slow one. */
  | { readonly type: 'alive' }
  | { readonly type: 'progress'; readonly progress: FileProgress }
  | { readonly type: 'done'; readonly outcome: Outcome }
  | { readonly type: 'failed'; readonly failure: Failure };

export const ALIVE_EVERY_MS = 5_000;
