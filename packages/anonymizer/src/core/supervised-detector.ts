import {
  DetectorError,
  type AbortSignalLike,
  type Detector,
  type DetectorInfo,
  type Look,
} from './detector.ts';
import type { RawFrame } from './frame.ts';
import type { After } from './remote/protocol.ts';

/** Looks in a row that time out before the worker counts as hanging. */
const HANGS_AFTER = 2;
/** Looks in a row that fail otherwise before it is opened anew: memory may be gone, or a runtime. */
const FAILS_AFTER = 5;
/** Waits before it is opened again, in milliseconds; the last one repeats. */
const BACKOFF_MS = [0, 500, 1000, 2000, 5000, 10_000];

/** How time passes for whoever supervises. */
export interface Clock {
  /** Monotonic milliseconds from any origin. */
  nowMs(): number;
  readonly after: After;
}

export interface SupervisedOptions {
  /** Rejects with DetectorError where the detector can't be had. */
  readonly open: () => Promise<Detector>;
  readonly clock: Clock;
  /** How often it is run before it counts as warm, and for how long at most. */
  readonly warmUps: number;
  readonly warmLimitMs: number;
}

/**
 * A detector that is opened again when it dies or hangs. Meanwhile its looks fail, and so the
 * frames that they should have decided are covered.
 */
export class SupervisedDetector implements Detector {
  readonly info: DetectorInfo;
  readonly #options: SupervisedOptions;
  #tookMs: number[] = [];
  #current: Detector | undefined;
  #timeouts = 0;
  #failures = 0;
  #attempt = 0;
  #closed = false;
  #callOff: (() => void) | undefined;

  private constructor(first: Detector, options: SupervisedOptions) {
    this.info = first.info;
    this.#current = first;
    this.#options = options;
  }

  /** Opens and warms it. Rejects with what `open` or its first runs reject with. */
  static async open(options: SupervisedOptions): Promise<SupervisedDetector> {
    return new SupervisedDetector(await warm(options), options);
  }

  /** False while it is being opened again. */
  get isUp(): boolean {
    return this.#current !== undefined;
  }

  /** Milliseconds that each look took since the last call. */
  takeTimesMs(): readonly number[] {
    const tookMs = this.#tookMs;
    this.#tookMs = [];
    return tookMs;
  }

  async warmUp(): Promise<void> {
    await this.#running().warmUp();
  }

  async look(frame: RawFrame, options: { signal?: AbortSignalLike } = {}): Promise<Look> {
    const detector = this.#running();
    const startMs = this.#options.clock.nowMs();
    try {
      const look = await detector.look(frame, options);
      this.#tookMs.push(this.#options.clock.nowMs() - startMs);
      this.#timeouts = 0;
      this.#failures = 0;
      this.#attempt = 0;
      return look;
    } catch (error) {
      this.#judge(detector, error);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#callOff?.();
    const detector = this.#current;
    this.#current = undefined;
    await detector?.close();
  }

  #running(): Detector {
    if (this.#current) return this.#current;
    throw new DetectorError(this.info.id, this.#closed ? 'closed' : 'process-died');
  }

  #judge(detector: Detector, error: unknown): void {
    const reason = error instanceof DetectorError ? error.reason : 'inference-failed';
    // Whoever gave up on a look did so because it took too long.
    if (reason === 'timeout' || reason === 'aborted') this.#timeouts++;
    else this.#timeouts = 0;
    this.#failures++;
    const isGone =
      reason === 'process-died' || this.#timeouts >= HANGS_AFTER || this.#failures >= FAILS_AFTER;
    if (!isGone || this.#closed || this.#current !== detector) return;
    this.#current = undefined;
    this.#timeouts = 0;
    this.#failures = 0;
    // A worker that hangs is ended; nobody waits for it.
    detector.close().catch(() => undefined);
    this.#openLater();
  }

  #openLater(): void {
    const waitMs = BACKOFF_MS[Math.min(this.#attempt, BACKOFF_MS.length - 1)] ?? 0;
    this.#attempt++;
    this.#callOff = this.#options.clock.after(waitMs, () => {
      warm(this.#options).then(
        (detector) => {
          this.#take(detector);
        },
        () => {
          if (!this.#closed) this.#openLater();
        },
      );
    });
  }

  #take(detector: Detector): void {
    const isSame = JSON.stringify(detector.info) === JSON.stringify(this.info);
    // The attestation names weights: another set of them must not slip in.
    if (this.#closed || !isSame) void detector.close();
    else this.#current = detector;
  }
}

async function warm({ open, clock, warmUps, warmLimitMs }: SupervisedOptions): Promise<Detector> {
  const detector = await open();
  try {
    const startMs = clock.nowMs();
    for (let run = 0; run < warmUps && clock.nowMs() - startMs < warmLimitMs; run++) {
      await detector.warmUp();
    }
    return detector;
  } catch (error) {
    await detector.close();
    throw error;
  }
}
