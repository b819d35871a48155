import type { AnonymizedFrame } from './anonymized-frame.ts';
import type { Detector } from './detector.ts';
import type { FrameBuffer, RawFrame } from './frame.ts';
import { LONGER_HOLD_MS } from './hold.ts';
import { LookScheduler, type LookWatcher } from './look-runner.ts';
import type { PaintStyle } from './paint/index.ts';
import { Pipeline } from './pipeline.ts';
import type { Profile } from './profile.ts';
import type { Clock } from './supervised-detector.ts';

/** Frame rates up to this fit into the hold. */
const MAX_FRAME_RATE = 60;
const SPARE_FRAMES = 4;

export interface LiveCarrierOptions<B extends FrameBuffer> extends LookWatcher {
  readonly profile: Profile;
  /** Warm ones. They stay the caller's. */
  readonly detectors: readonly Detector[];
  readonly style: PaintStyle;
  readonly holdMs: number;
  /** A look that takes longer has failed: the frames that it should have decided left long ago. */
  readonly lookDeadlineMs: number;
  readonly clock: Clock;
  /** Takes over each frame that leaves, `arrivalMs` being what `push` was given with it. */
  readonly take: (frame: AnonymizedFrame<B>, arrivalMs: number) => void;
}

/** Frames that a carrier with this hold may have at once, at most. */
export function mostHeld(holdMs: number): number {
  return Math.ceil(((holdMs + LONGER_HOLD_MS) / 1000) * MAX_FRAME_RATE) + SPARE_FRAMES;
}

/**
 * Runs a pipeline in live time: each frame leaves `holdMs` after it came, decided or covered;
 * later where detectors need longer, up to a limit: `pipeline.holdMs` is the hold now.
 */
export class LiveCarrier<B extends FrameBuffer> {
  readonly pipeline: Pipeline<B>;
  readonly #options: LiveCarrierOptions<B>;
  readonly #looks: LookScheduler<B>;
  /** Arrival of each frame held, in order. */
  readonly #arrivalsMs: number[] = [];
  #callOff: (() => void) | undefined;
  #closed = false;

  /** Throws ProfileError `missing-detector`. */
  constructor(options: LiveCarrierOptions<B>) {
    const { profile, detectors, style, holdMs, clock } = options;
    this.#options = options;
    this.pipeline = new Pipeline<B>({
      profile,
      detectors: detectors.map((detector) => detector.info),
      style,
      mode: {
        kind: 'live',
        holdMs,
        mostHoldMs: holdMs + LONGER_HOLD_MS,
        maxHeldFrames: mostHeld(holdMs),
      },
    });
    this.#looks = new LookScheduler(this.pipeline, detectors, {
      inFlight: 1,
      deadlineMs: options.lookDeadlineMs,
      after: clock.after,
      settled: (detectorId, error) => {
        if (this.#closed) return;
        this.#looks.pump();
        // At once: how long frames waited for this look sets how long the next ones wait.
        this.#release();
        options.settled?.(detectorId, error);
      },
    });
  }

  /** Takes the frame over. `arrivalMs`: when it came, on the carrier's clock; now where left out. */
  push(frame: RawFrame<B>, arrivalMs = this.#options.clock.nowMs()): void {
    if (this.#closed) {
      frame.close();
      return;
    }
    this.pipeline.admit(frame, arrivalMs * 1000);
    this.#arrivalsMs.push(arrivalMs);
    this.#looks.pump();
    this.#release();
  }

  /** Gives back what is held; nothing leaves any more. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#callOff?.();
    this.#looks.close();
    this.pipeline.close();
    this.#arrivalsMs.length = 0;
  }

  #release(): void {
    const { clock, take } = this.#options;
    const nowMs = clock.nowMs();
    for (const frame of this.pipeline.release(nowMs * 1000)) {
      take(frame, this.#arrivalsMs.shift() ?? nowMs);
    }
    this.#callOff?.();
    const [oldestMs] = this.#arrivalsMs;
    if (oldestMs === undefined) return;
    const dueInMs = oldestMs + this.pipeline.holdMs - clock.nowMs();
    this.#callOff = clock.after(Math.max(1, Math.ceil(dueInMs)), () => {
      if (!this.#closed) this.#release();
    });
  }
}
