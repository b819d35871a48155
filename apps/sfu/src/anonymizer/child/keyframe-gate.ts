/** Keyframes cost ten pictures: this many milliseconds lie between two that are asked for. */
const LEAST_MS = 250;

/** Remembers that a keyframe is wanted, and says when one may be made. Times: one clock, any. */
export class KeyframeGate {
  #wanted = false;
  #lastMs = -Infinity;

  want(): void {
    this.#wanted = true;
  }

  /** True once for each wish, as soon as the last keyframe is long enough ago. */
  opens(nowMs: number): boolean {
    if (!this.#wanted || nowMs - this.#lastMs < LEAST_MS) return false;
    this.#wanted = false;
    return true;
  }

  /** A keyframe was made: who wished for one has it. */
  made(nowMs: number): void {
    this.#lastMs = nowMs;
    this.#wanted = false;
  }
}
