import type { FileJob, FileProgress } from '@drape/anonymizer/node';
import pc from 'picocolors';
import type { Failure } from '../failure.ts';
import type { Outcome } from '../jobs/messages.ts';
import type { ProgressDisplay } from './progress.ts';
import type { RunSummary, RunView } from './view.ts';
import { count, coveredWords, failureWords, speedWords } from './words.ts';

/**
 * For people: progress on stderr, what came of each file on stdout, failures repeated at the end
 * where they are not scrolled away.
 */
export class HumanView implements RunView {
  readonly #display: ProgressDisplay;
  #skippedShown = 0;

  constructor(display: ProgressDisplay) {
    this.#display = display;
  }

  planned(plan: { files: number; concurrency: number }): void {
    if (plan.files > 1) {
      this.#display.line(
        `${plan.files} files, ${count(plan.concurrency, 'at a time', 'at a time')}`,
      );
    }
    this.#display.begin(plan.files);
  }

  skipped(path: string, why: string): void {
    // A folder of thousands of other files is one number at the end, not thousands of lines.
    if (++this.#skippedShown <= 20) this.#display.line(pc.dim(`skipped ${path}: ${why}`));
  }

  refused(path: string, failure: Failure): void {
    this.#display.line(`${pc.red('failed')}  ${failureWords(path, failure)}`);
  }

  started(job: FileJob): void {
    this.#display.start(job);
  }

  progress(job: FileJob, progress: FileProgress): void {
    this.#display.update(job, progress);
  }

  completed(job: FileJob, outcome: Outcome): void {
    this.#display.stop(job);
    const arrow = job.dryRun ? 'would be' : '→';
    const facts = `${speedWords(outcome)}; ${coveredWords(outcome)}`;
    this.#display.result(
      `${pc.green('done')}    ${job.input} ${arrow} ${job.output}  ${pc.dim(facts)}`,
    );
    for (const file of outcome.written) {
      if (file !== job.output) this.#display.result(pc.dim(`        report  ${file}`));
    }
    const incidents = Object.entries(outcome.incidents).map(
      ([what, number]) => `${what}${number > 1 ? ` (${number} times)` : ''}; covered there`,
    );
    for (const warning of [...outcome.warnings, ...incidents]) {
      this.#display.line(`${pc.yellow('note')}    ${job.input}: ${warning}`);
    }
  }

  failedJob(job: FileJob, failure: Failure): void {
    this.#display.stop(job);
    if (failure.reason === 'stopped' || failure.reason === 'aborted') return;
    this.#display.line(`${pc.red('failed')}  ${failureWords(job.input, failure)}`);
  }

  stopping(signal: string): void {
    this.#display.line(`${signal}: stopping and removing unfinished output`);
  }

  finished(summary: RunSummary): void {
    this.#display.end();
    const parts = [`${summary.done} ${summary.isDryRun ? 'looked at' : 'anonymized'}`];
    if (summary.failed.length > 0) parts.push(pc.red(`${summary.failed.length} failed`));
    if (summary.skipped > 0) parts.push(`${summary.skipped} skipped`);
    if (summary.unfinished > 0) parts.push(`${summary.unfinished} not finished`);
    const total = summary.done + summary.failed.length + summary.unfinished;
    if (total > 1 || summary.skipped > 0) {
      this.#display.line(`${parts.join(', ')} in ${(summary.elapsedMs / 1000).toFixed(1)} s`);
    }
    if (total <= 1) return;
    for (const { path, failure } of summary.failed) {
      this.#display.line(`  ${pc.red('✗')} ${failureWords(path, failure)}`);
    }
  }
}
