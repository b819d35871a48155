import {
  DetectorError,
  type Detector,
  type FrameBuffer,
  type Look,
  type Pipeline,
  type WantedLook,
} from '@drape/anonymizer/core';

export interface LookRunnerOptions {
  /** Looks under way at once, for each detector. */
  readonly inFlight: number;
  /** A look that takes longer failed; its frame is not decided by it. */
  readonly deadlineMs: number;
}

/** Runs the looks that a pipeline wants on its detectors, and hands the results back. */
export class LookRunner<B extends FrameBuffer> {
  readonly #pipeline: Pipeline<B>;
  readonly #detectors: readonly Detector[];
  readonly #options: LookRunnerOptions;
  readonly #underWay = new Map<string, number>();
  #wake = Promise.withResolvers<undefined>();
  #closed = false;

  constructor(pipeline: Pipeline<B>, detectors: readonly Detector[], options: LookRunnerOptions) {
    this.#pipeline = pipeline;
    this.#detectors = detectors;
    this.#options = options;
  }

  /** Starts every look that can start now. */
  pump(): void {
    if (this.#closed) return;
    for (const detector of this.#detectors) {
      const { id } = detector.info;
      while ((this.#underWay.get(id) ?? 0) < this.#options.inFlight) {
        const wanted = this.#pipeline.nextLook(id);
        if (!wanted) break;
        void this.#run(detector, wanted);
      }
    }
  }

  /** Resolves when the next look has been settled. */
  async nextSettled(): Promise<void> {
    await this.#wake.promise;
  }

  get isIdle(): boolean {
    return [...this.#underWay.values()].every((count) => count === 0);
  }

  /** Starts nothing any more. Does not close the detectors. */
  close(): void {
    this.#closed = true;
  }

  async #run(detector: Detector, wanted: WantedLook<B>): Promise<void> {
    const { id } = detector.info;
    const { ptsUs } = wanted.frame.info;
    this.#underWay.set(id, (this.#underWay.get(id) ?? 0) + 1);
    try {
      const look = await withDeadline(detector, wanted, this.#options.deadlineMs);
      this.#pipeline.settle(id, ptsUs, { look });
    } catch (error) {
      this.#pipeline.settle(id, ptsUs, { error });
    } finally {
      this.#underWay.set(id, (this.#underWay.get(id) ?? 1) - 1);
      const { resolve } = this.#wake;
      this.#wake = Promise.withResolvers<undefined>();
      resolve(undefined);
    }
  }
}

async function withDeadline<B extends FrameBuffer>(
  detector: Detector,
  wanted: WantedLook<B>,
  deadlineMs: number,
): Promise<Look> {
  const abort = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const detail = `no answer within ${deadlineMs} ms`;
    late.reject(new DetectorError(detector.info.id, 'timeout', { detail }));
    abort.abort();
  }, deadlineMs);
  try {
    const { signal } = abort;
    const looking = detector.look(wanted.frame, { signal });
    wanted.frame.rest(); // It was read before look() returned: that is the detector's contract.
    return await Promise.race([looking, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
