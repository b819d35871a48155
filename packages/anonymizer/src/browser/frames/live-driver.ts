import {
  LONGER_HOLD_MS,
  LookScheduler,
  Pipeline,
  type AnonymizedFrame,
  type Clock,
  type Detector,
  type FrameBuffer,
  type PaintStyle,
  type Profile,
  type RawFrame,
} from '../../core/index.ts';

/**
 * A look that takes longer has failed: its worker may hang. What it should have decided left long
 * before; what it finds still follows faces and text, and so a busy machine is given time.
 */
const LOOK_DEADLINE_MS = 10_000;
/** Frame rates up to this fit into the hold. */
const MAX_FRAME_RATE = 60;
const SPARE_FRAMES = 4;
/** WebAssembly on a busy machine is late more often than the server, and a little at a time. */
const OVERLOAD = { upAfterMs: 250, downAfterMs: 2500, freshMs: 150 };

export interface LiveDriverOptions<B extends FrameBuffer> {
  readonly profile: Profile;
  /** Warm ones. They stay the caller's. */
  readonly detectors: readonly Detector[];
  readonly style: PaintStyle;
  readonly holdMs: number;
  /** Takes over each frame that leaves; `waitedMs`: since it was pushed. */
  readonly take: (frame: AnonymizedFrame<B>, waitedMs: number) => void;
  /** A look ended, well or with an error. */
  readonly settled: (detectorId: string, error: unknown) => void;
  readonly clock: Clock;
}

/** Frames that a driver with this hold may have at once, at most. */
export function mostHeld(holdMs: number): number {
  return Math.ceil(((holdMs + LONGER_HOLD_MS) / 1000) * MAX_FRAME_RATE) + SPARE_FRAMES;
}

/**
 * Runs a pipeline in live time: each frame leaves `holdMs` after it came, decided or covered;
 * later where detectors need longer, up to a limit: `pipeline.holdMs` is the hold now.
 */
export class LiveDriver<B extends FrameBuffer> {
  readonly pipeline: Pipeline<B>;
  readonly #options: LiveDriverOptions<B>;
  readonly #looks: LookScheduler<B>;
  /** Arrival of each frame held, in order. */
  readonly #arrivalsMs: number[] = [];
  #callOff: (() => void) | undefined;
  #closed = false;

  /** Throws ProfileError `missing-detector`. */
  constructor(options: LiveDriverOptions<B>) {
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
        overload: OVERLOAD,
      },
    });
    this.#looks = new LookScheduler(this.pipeline, detectors, {
      inFlight: 1,
      deadlineMs: LOOK_DEADLINE_MS,
      after: clock.after,
      settled: (detectorId, error) => {
        if (this.#closed) return;
        this.#looks.pump();
        options.settled(detectorId, error);
      },
    });
  }

  /** Takes the frame over. */
  push(frame: RawFrame<B>): void {
    if (this.#closed) {
      frame.close();
      return;
    }
    const nowMs = this.#options.clock.nowMs();
    this.pipeline.admit(frame, nowMs * 1000);
    this.#arrivalsMs.push(nowMs);
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
      take(frame, nowMs - (this.#arrivalsMs.shift() ?? nowMs));
    }
    this.#callOff?.();
    const [oldestMs] = this.#arrivalsMs;
    if (oldestMs === undefined) return;
    this.#callOff = clock.after(
      Math.max(1, Math.ceil(oldestMs + this.pipeline.holdMs - nowMs)),
      () => {
        if (!this.#closed) this.#release();
      },
    );
  }
}
