/** So many a second, saved up for at most one second. */
export class RateBudget {
  readonly #perSecond: number;
  readonly #nowMs: () => number;
  #left: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#nowMs = nowMs;
    this.#left = perSecond;
    this.#atMs = nowMs();
  }

  /** False where this second's share is used up. */
  take(): boolean {
    const nowMs = this.#nowMs();
    const gained = ((nowMs - this.#atMs) / 1000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond, this.#left + gained);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
