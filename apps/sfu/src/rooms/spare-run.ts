import type { Log } from '../log.ts';
import type { AnonymizerRun } from './anonymizer-run.ts';

export interface SpareOptions {
  readonly maySpare: () => boolean;
  readonly spareAfterMs: number;
  readonly log: Log;
}

/** A warm anonymizer in waiting, so that viewers are covered for a moment only when one dies. */
export class SpareRun {
  readonly #options: SpareOptions;
  #timer: NodeJS.Timeout | undefined;
  #opening = false;
  #waiting: AnonymizerRun | undefined;
  #closed = false;

  constructor(options: SpareOptions) {
    this.#options = options;
  }

  /** The spare, if it is warm and alive; the caller owns it then. */
  take(): AnonymizerRun | undefined {
    clearTimeout(this.#timer);
    const run = this.#waiting;
    this.#waiting = undefined;
    if (!run?.over) return run;
    void run.close();
    return undefined;
  }

  /** Opens one in a while, unless there is one or memory is short. */
  prepare(open: () => Promise<AnonymizerRun>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#open(open), this.#options.spareAfterMs);
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    void this.#waiting?.close();
    this.#waiting = undefined;
  }

  async #open(open: () => Promise<AnonymizerRun>): Promise<void> {
    if (this.#isClosed() || this.#opening || this.#waiting || !this.#options.maySpare()) return;
    this.#opening = true;
    try {
      const run = await open();
      if (this.#isClosed()) await run.close();
      else {
        this.#waiting = run;
        this.#options.log.info({}, 'a spare anonymizer is warm');
      }
    } catch (error) {
      // The source that it was for may have ended; else the next start will say what is wrong.
      if (!this.#isClosed()) this.#options.log.warn({ err: error }, 'no spare anonymizer');
    } finally {
      this.#opening = false;
    }
  }

  /** A call, because it changes while others are awaited. */
  #isClosed(): boolean {
    return this.#closed;
  }
}
