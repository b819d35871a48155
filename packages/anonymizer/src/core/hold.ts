/** How much longer than asked for a live carrier lets frames wait where detectors need it. */
export const LONGER_HOLD_MS = 400;

/** How long live frames wait for their detectors, and how far that may grow. */
export interface HoldLimits {
  /** What is asked for, in milliseconds. */
  readonly holdMs: number;
  /** The longest that frames ever wait. `holdMs` and below: the hold never changes. */
  readonly mostMs: number;
}

/** Lags of this time say what the machine can do: of some scenes, as new ones take longest. */
const WINDOW_US = 10_000_000;
/** Fewer lags than this say nothing yet. */
const LEAST_LAGS = 4;
/** Share of the lags that the hold is to be longer than. */
const SHARE = 0.95;
/** On top of them: looks take longer some other time. */
const MARGIN_MS = 20;
/** A longer hold stops the picture for as long as it grows: in steps worth it, and no freezes. */
const LEAST_STEP_MS = 20;
const MOST_STEP_MS = 150;
/** A change is judged by lags from after it. */
const REST_US = 1_000_000;
/** Where this much less would do for a whole window, the hold shrinks. */
const TOO_LONG_MS = 60;

/**
 * Before so few lags are known it is longer by this much than what is asked for: frames that left
 * sooner would be covered. The first lags say at once what is needed.
 */
const STARTS_LONGER_MS = 200;
/** Frames that leave undecided all the same make it longer by this much, once in REST_US. */
const LATE_STEP_MS = 60;

interface Lag {
  readonly atUs: number;
  readonly ms: number;
}

/**
 * The hold of a live stream: as short as asked for where the machine decides frames in that time,
 * and longer, up to a limit, where it needs longer. A picture that comes a little later is worth
 * more than one that is covered whole: this is a jitter buffer, for decisions instead of packets.
 * Pure: times are microseconds of media time.
 */
export class Hold {
  readonly #limits: HoldLimits;
  #ms: number;
  #lags: Lag[] = [];
  #changedUs = -Infinity;
  #lateUs = -Infinity;
  #hasStarted = false;

  constructor(limits: HoldLimits) {
    this.#limits = limits;
    this.#ms = Math.min(limits.mostMs, limits.holdMs + STARTS_LONGER_MS);
  }

  /** How long a frame that comes now waits. */
  get ms(): number {
    return this.#ms;
  }

  /**
   * A look ended, and the oldest frame that it decides had come `lagMs` ago. Gives the new hold
   * where it changes.
   */
  decided(atUs: number, lagMs: number): number | undefined {
    const { holdMs, mostMs } = this.#limits;
    if (mostMs <= holdMs) return undefined;
    this.#lags.push({ atUs, ms: lagMs });
    while ((this.#lags[0]?.atUs ?? Infinity) < atUs - WINDOW_US) this.#lags.shift();
    if (this.#lags.length < LEAST_LAGS || atUs - this.#changedUs < REST_US) return undefined;
    const neededMs = Math.min(mostMs, Math.max(holdMs, this.#usualMs() + MARGIN_MS));
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      // Not a change to be judged first: where this was too short, the next lag may say so.
      return this.#change(-Infinity, neededMs);
    }
    const isShort = neededMs >= this.#ms + LEAST_STEP_MS;
    const isCalm = atUs - Math.max(this.#changedUs, this.#lateUs) >= WINDOW_US;
    const isLong = isCalm && neededMs <= this.#ms - TOO_LONG_MS;
    // Back to what was asked for, however small the step.
    const isOver = isCalm && neededMs === holdMs && this.#ms > holdMs;
    if (!isShort && !isLong && !isOver) return undefined;
    return this.#change(atUs, Math.min(neededMs, this.#ms + MOST_STEP_MS));
  }

  /**
   * A frame left undecided for want of speed: whatever the lags say, it is too short. Gives the new
   * hold where it changes.
   */
  late(atUs: number): number | undefined {
    this.#lateUs = atUs;
    const { holdMs, mostMs } = this.#limits;
    if (mostMs <= holdMs || this.#ms >= mostMs) return undefined;
    if (atUs - this.#changedUs < REST_US) return undefined;
    return this.#change(atUs, Math.min(mostMs, this.#ms + LATE_STEP_MS));
  }

  #change(atUs: number, toMs: number): number | undefined {
    const fromMs = this.#ms;
    this.#ms = Math.round(toMs);
    this.#changedUs = atUs;
    return this.#ms === fromMs ? undefined : this.#ms;
  }

  #usualMs(): number {
    const sorted = this.#lags.map(({ ms }) => ms).sort((a, b) => a - b);
    return sorted[Math.floor(SHARE * (sorted.length - 1))] ?? 0;
  }
}
