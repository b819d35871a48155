import path from 'node:path';
import type { FileJob, FileProgress } from '@drape/anonymizer/node';
import { MultiBar } from 'cli-progress';
import type { SingleBar } from 'cli-progress';
import { clock, etaMs, shareOf } from './words.ts';

/** Where progress and lines go, so that a line never tears a bar. */
export interface ProgressDisplay {
  begin(files: number): void;
  start(job: FileJob): void;
  update(job: FileJob, progress: FileProgress): void;
  stop(job: FileJob): void;
  /** Something to know, on stderr. */
  line(text: string): void;
  /** What came out, on stdout. */
  result(text: string): void;
  end(): void;
}

const STAGES: Readonly<Record<FileProgress['stage'], string>> = {
  anonymizing: '',
  'second-pass': ' second pass',
  finishing: ' finishing',
};

/** Frames, share, frames/s and time left of one file, in words. */
export function progressWords(progress: FileProgress): string {
  const share = shareOf(progress);
  const eta = etaMs(progress);
  const parts = [
    share === undefined ? `${progress.framesDone} frames` : `${Math.floor(share * 100)} %`,
    `${progress.framesPerSecond.toFixed(0)} frames/s`,
  ];
  if (eta !== undefined) parts.push(`${clock(eta)} left`);
  return parts.join(', ') + STAGES[progress.stage];
}

/** One bar a file under way. */
export class BarDisplay implements ProgressDisplay {
  readonly #bars: MultiBar;
  readonly #running = new Map<string, SingleBar>();

  constructor(stream: NodeJS.WritableStream) {
    this.#bars = new MultiBar({
      stream,
      format: '{name} {bar} {words}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      clearOnComplete: true,
      hideCursor: true,
      linewrap: true,
      // Signals are ours: the bar's own handler would end the process before the clean-up.
      gracefulExit: false,
      emptyOnZero: true,
    });
  }

  begin(): void {
    // Bars appear with their files.
  }

  start(job: FileJob): void {
    const name = shortName(path.basename(job.input));
    this.#running.set(job.output, this.#bars.create(1000, 0, { name, words: 'starting' }));
  }

  update(job: FileJob, progress: FileProgress): void {
    const share = shareOf(progress) ?? 0;
    this.#running.get(job.output)?.update(share * 1000, { words: progressWords(progress) });
  }

  stop(job: FileJob): void {
    const bar = this.#running.get(job.output);
    if (bar) this.#bars.remove(bar);
    this.#running.delete(job.output);
  }

  line(text: string): void {
    if (this.#running.size > 0) this.#bars.log(`${text}\n`);
    else process.stderr.write(`${text}\n`);
  }

  result(text: string): void {
    // On a terminal both streams are the same screen; elsewhere stdout must get it.
    if (this.#running.size > 0 && process.stdout.isTTY) this.#bars.log(`${text}\n`);
    else process.stdout.write(`${text}\n`);
  }

  end(): void {
    this.#bars.stop();
  }
}

/** Between two progress lines, in milliseconds: a log that is read later needs no more. */
const LINE_EVERY_MS = 5_000;

/** Plain lines, at most one every 5 s for the whole run. */
export class LineDisplay implements ProgressDisplay {
  #lastMs = performance.now();
  #files = 0;
  #ended = 0;

  begin(files: number): void {
    this.#files = files;
  }

  start(): void {
    // The first line comes when there is something to say.
  }

  update(job: FileJob, progress: FileProgress): void {
    const nowMs = performance.now();
    if (nowMs - this.#lastMs < LINE_EVERY_MS) return;
    this.#lastMs = nowMs;
    const place = this.#files > 1 ? `[${this.#ended + 1}/${this.#files}] ` : '';
    this.line(`${place}${job.input}: ${progressWords(progress)}`);
  }

  stop(): void {
    this.#ended++;
  }

  line(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  result(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  end(): void {
    // Nothing to restore.
  }
}

/** 24 characters, the end kept: names in a folder differ there. */
function shortName(name: string): string {
  return name.length <= 24 ? name.padEnd(24) : `…${name.slice(-23)}`;
}
