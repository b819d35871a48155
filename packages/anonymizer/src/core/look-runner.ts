import {
  DetectorError,
  type AbortSignalLike,
  type Detector,
  type Look,
  type LookEffort,
} from './detector.ts';
import type { FrameBuffer } from './frame.ts';
import type { Pipeline, WantedLook } from './pipeline.ts';
import type { After } from './remote/protocol.ts';

export interface LookRunnerOptions {
  /** Looks under way at once, for each detector. */
  readonly inFlight: number;
  /** A look that takes longer failed; its frame is not decided by it. */
  readonly deadlineMs: number;
  /** Of every look; what the pipeline asks for, else `usual`, where it is left out. */
  readonly effort?: LookEffort;
}

/** What hears of looks, for carriers that measure or supervise. */
export interface LookWatcher {
  /** A look ended: at once after it is settled. */
  settled?(detectorId: string, error: unknown): void;
}

/** Runs the looks that a pipeline wants on its detectors, and hands the results back. */
export class LookScheduler<B extends FrameBuffer> {
  readonly #pipeline: Pipeline<B>;
  readonly #detectors: readonly Detector[];
  readonly #options: LookRunnerOptions & LookWatcher & { readonly after: After };
  readonly #underWay = new Map<string, number>();
  #wake = Promise.withResolvers<undefined>();
  #closed = false;

  constructor(
    pipeline: Pipeline<B>,
    detectors: readonly Detector[],
    options: LookRunnerOptions & LookWatcher & { readonly after: After },
  ) {
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
    let failure: unknown;
    try {
      const look = await this.#withDeadline(detector, wanted);
      this.#pipeline.settle(id, ptsUs, { look });
    } catch (error) {
      failure = error;
      this.#pipeline.settle(id, ptsUs, { error });
    } finally {
      this.#underWay.set(id, (this.#underWay.get(id) ?? 1) - 1);
      const { resolve } = this.#wake;
      this.#wake = Promise.withResolvers<undefined>();
      resolve(undefined);
    }
    this.#options.settled?.(id, failure);
  }

  async #withDeadline(detector: Detector, wanted: WantedLook<B>): Promise<Look> {
    const { deadlineMs, after } = this.#options;
    const effort = this.#options.effort ?? wanted.effort ?? 'usual';
    const abort = new Abort();
    const late = Promise.withResolvers<never>();
    const callOff = after(deadlineMs, () => {
      const detail = `no answer within ${deadlineMs} ms`;
      late.reject(new DetectorError(detector.info.id, 'timeout', { detail }));
      abort.fire();
    });
    try {
      const looking = detector.look(wanted.frame, { signal: abort, effort });
      wanted.frame.rest(); // It was read before look() returned: that is the detector's contract.
      return await Promise.race([looking, late.promise]);
    } finally {
      callOff();
    }
  }
}

/** An AbortSignal that its maker fires: core has no DOM and no Node types. */
class Abort implements AbortSignalLike {
  aborted = false;
  readonly #listeners = new Set<() => void>();

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  fire(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }
}
