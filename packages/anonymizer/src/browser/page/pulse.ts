import type { EdgeCarrier, EdgeState } from '../api.ts';

/** Without a word for this long the worker is dead or hangs: it speaks once a second. */
const SILENT_MS = 4000;
const CHECK_MS = 500;
/** In the background: frames per second below which the picture stands still, after two seconds. */
const STALLED_FPS = 5;
const STALLED_SECONDS = 2;

export interface PulseOptions {
  readonly carrier: EdgeCarrier;
  /** The worker gave no sign of life. Called once. */
  readonly silent: () => void;
  /** The page is hidden and frames stopped. Called once per time in the background. */
  readonly stalled: (detail: string) => void;
}

/** Listens for the worker's beat, and for frames while the page is in the background. */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #onVisibility = (): void => {
    this.#visibility();
  };
  #lastMs = performance.now();
  #checkedMs = performance.now();
  #stalledSeconds = 0;
  #isReported = false;

  constructor(options: PulseOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#check();
    }, CHECK_MS);
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  beat(state: EdgeState): void {
    this.#lastMs = performance.now();
    if (document.visibilityState === 'visible') return;
    const isStalled = state.fpsOut < STALLED_FPS;
    this.#stalledSeconds = isStalled ? this.#stalledSeconds + 1 : 0;
    if (this.#stalledSeconds < STALLED_SECONDS) return;
    this.#report(`${state.fpsOut} frames a second leave while the page is in the background`);
  }

  stop(): void {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#onVisibility);
  }

  #check(): void {
    const nowMs = performance.now();
    const paused = nowMs - this.#checkedMs > 2 * SILENT_MS;
    this.#checkedMs = nowMs;
    // The page itself was stopped (a sleeping laptop, a debugger): the worker gets its time again.
    if (paused) this.#lastMs = nowMs;
    if (nowMs - this.#lastMs < SILENT_MS) return;
    this.stop();
    this.#options.silent();
  }

  #visibility(): void {
    if (document.visibilityState === 'visible') {
      this.#stalledSeconds = 0;
      this.#isReported = false;
      return;
    }
    // Video callbacks do not come to a hidden page.
    if (this.#options.carrier === 'canvas') this.#report('the page went into the background');
  }

  #report(detail: string): void {
    if (this.#isReported) return;
    this.#isReported = true;
    this.#options.stalled(detail);
  }
}
