import type { FileHooks, FileProgress } from './job.ts';

/** Reports at most this often: a listener may cross a process boundary. */
const REPORT_EVERY_MS = 200;

/** Counts frames and tells how it goes. */
export class ProgressMeter {
  readonly #stage: FileProgress['stage'];
  readonly #framesTotal: number | undefined;
  readonly #hooks: FileHooks;
  readonly #startedMs = performance.now();
  #reportedMs = -Infinity;
  #framesDone = 0;
  #ptsUs = 0;

  constructor(stage: FileProgress['stage'], framesTotal: number | undefined, hooks: FileHooks) {
    this.#stage = stage;
    this.#framesTotal = framesTotal;
    this.#hooks = hooks;
  }

  frame(ptsUs: number): void {
    this.#framesDone++;
    this.#ptsUs = ptsUs;
    if (performance.now() - this.#reportedMs >= REPORT_EVERY_MS) this.#report();
  }

  done(): void {
    this.#report();
  }

  #report(): void {
    const nowMs = performance.now();
    this.#reportedMs = nowMs;
    const elapsedS = Math.max(1e-3, (nowMs - this.#startedMs) / 1000);
    this.#hooks.onProgress?.({
      stage: this.#stage,
      framesDone: this.#framesDone,
      framesTotal: this.#framesTotal,
      ptsUs: this.#ptsUs,
      framesPerSecond: this.#framesDone / elapsedS,
    });
  }
}
