export interface BackoffOptions {
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly maxFailures: number;
  readonly circuitOpenMs: number;
  readonly soundAfterMs: number;
}

/**
 * How long to wait before the next start. Failures in a row double the pause; too many open the
 * circuit, after which single starts are tried until one holds.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  get failures(): number {
    return this.#failures;
  }

  /** True while calls are to be rejected at once. */
  get isOpen(): boolean {
    return this.#failures >= this.#options.maxFailures;
  }

  /** Notes a failure of a worker that had lived for `livedMs` (0: it never started). */
  failed(livedMs: number): number {
    if (livedMs >= this.#options.soundAfterMs) this.#failures = 0;
    this.#failures += 1;
    if (this.isOpen) return this.#options.circuitOpenMs;
    const pauseMs = this.#options.minBackoffMs * 2 ** (this.#failures - 1);
    return Math.min(this.#options.maxBackoffMs, pauseMs);
  }

  /** A call was answered: what failed before was not a worker that can't work. */
  worked(): void {
    this.#failures = 0;
  }
}
