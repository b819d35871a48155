import {
  LONGER_HOLD_MS,
  Pipeline,
  type AnonymizedFrame,
  type Detector,
  type FrameBuffer,
  type PaintStyle,
  type Profile,
  type RawFrame,
} from '@drape/anonymizer/core';
import { LookRunner } from '../look-runner.ts';

/** A look that takes longer has failed: the frames that it should have decided left long ago. */
const LOOK_DEADLINE_MS = 2000;
/** Frame rates up to this fit into the hold. */
const MAX_FRAME_RATE = 60;
const SPARE_FRAMES = 8;

export interface LiveAnonymizerOptions<B extends FrameBuffer> {
  readonly profile: Profile;
  /** Warm ones. They stay the caller's. */
  readonly detectors: readonly Detector[];
  readonly style: PaintStyle;
  readonly holdMs: number;
  /** Takes over each frame that leaves, `arrivalMs` being what `push` was given with it. */
  readonly take: (frame: AnonymizedFrame<B>, arrivalMs: number) => void;
}

/**
 * Runs a pipeline in live time: each frame leaves `holdMs` after it came, decided or
 * covered; later where detectors need longer, up to a limit: `pipeline.holdMs` is the hold now.
 */
export class LiveAnonymizer<B extends FrameBuffer> {
  readonly pipeline: Pipeline<B>;
  readonly #options: LiveAnonymizerOptions<B>;
  readonly #runner: LookRunner<B>;
  /** Arrival of each frame held, in order. */
  readonly #arrivalsMs: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Throws ProfileError `missing-detector`. */
  constructor(options: LiveAnonymizerOptions<B>) {
    this.#options = options;
    const { profile, detectors, style, holdMs } = options;
    const mostHoldMs = holdMs + LONGER_HOLD_MS;
    const maxHeldFrames = Math.ceil((mostHoldMs / 1000) * MAX_FRAME_RATE) + SPARE_FRAMES;
    this.pipeline = new Pipeline<B>({
      profile,
      detectors: detectors.map((detector) => detector.info),
      style,
      mode: { kind: 'live', holdMs, mostHoldMs, maxHeldFrames },
    });
    this.#runner = new LookRunner(this.pipeline, detectors, {
      inFlight: 1,
      deadlineMs: LOOK_DEADLINE_MS,
    });
    void this.#followLooks();
  }

  /** Takes the frame over. `arrivalMs`: when it came, on the clock of `performance.now()`. */
  push(frame: RawFrame<B>, arrivalMs: number): void {
    if (this.#closed) {
      frame.close();
      return;
    }
    this.pipeline.admit(frame, arrivalMs * 1000);
    this.#arrivalsMs.push(arrivalMs);
    this.#runner.pump();
    this.#release();
  }

  /** Gives back what is held; nothing leaves any more. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#runner.close();
    this.pipeline.close();
    this.#arrivalsMs.length = 0;
  }

  async #followLooks(): Promise<void> {
    for (;;) {
      await this.#runner.nextSettled();
      if (this.#closed) return;
      this.#runner.pump();
    }
  }

  #release(): void {
    for (const frame of this.pipeline.release(performance.now() * 1000)) {
      this.#options.take(frame, this.#arrivalsMs.shift() ?? 0);
    }
    clearTimeout(this.#timer);
    const [oldestMs] = this.#arrivalsMs;
    if (oldestMs === undefined) return;
    const dueInMs = oldestMs + this.pipeline.holdMs - performance.now();
    this.#timer = setTimeout(
      () => {
        if (!this.#closed) this.#release();
      },
      Math.max(1, Math.ceil(dueInMs)),
    );
  }
}
