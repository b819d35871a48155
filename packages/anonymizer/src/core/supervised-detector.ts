import {
  DetectorError,
  type Detector,
  type DetectorInfo,
  type Look,
  type LookOptions,
} from './detector.ts';
import type { RawFrame } from './frame.ts';
import type { After } from './remote/protocol.ts';

const HANGS_MS = 4000;
/** On a machine that is busy it hangs only after so many of its usual times. */
const HANGS_TIMES = 8;
/** Looks in a row that fail before it is opened anew: memory may be gone, or a runtime. */
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
  /** Without an answer for this long while it should look, it hangs; 4 seconds where left out. */
  readonly hangsMs?: number;
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
  #lastAnswerMs: number;
  /** What its last warm-up took. */
  #usualMs: number;
  /** Looks that were not answered, and those of them that their callers gave up. */
  #underWay = 0;
  #givenUp = 0;
  #attempt = 0;
  #failures = 0;
  #closed = false;
  #callOff: (() => void) | undefined;

  private constructor({ detector, usualMs }: Warm, options: SupervisedOptions) {
    this.info = detector.info;
    this.#current = detector;
    this.#usualMs = usualMs;
    this.#options = options;
    this.#lastAnswerMs = options.clock.nowMs();
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

  /**
   * While a worker is still busy with a look that was given up, others are turned away: they would
   * wait in line, and every answer would come later than the one before.
   */
  async look(frame: RawFrame, { signal, ...options }: LookOptions = {}): Promise<Look> {
    const detector = this.#running();
    if (this.#givenUp > 0) {
      this.#checkPulse(detector);
      throw new DetectorError(this.info.id, 'timeout', { detail: 'it is busy with an older look' });
    }
    const startMs = this.#options.clock.nowMs();
    if (this.#underWay++ === 0) this.#lastAnswerMs = startMs;
    let isGivenUp = false;
    const heard = (): boolean => {
      if (this.#current !== detector) return false;
      this.#lastAnswerMs = this.#options.clock.nowMs();
      this.#underWay--;
      if (isGivenUp) this.#givenUp--;
      return true;
    };
    // Without the signal: an answer that comes too late for its frame still shows that it is alive.
    const looking = detector.look(frame, options).then(
      (look) => {
        if (heard()) this.#succeeded(startMs);
        return look;
      },
      (error: unknown) => {
        if (heard()) this.#failed(detector, error);
        throw error;
      },
    );
    const givenUp = Promise.withResolvers<never>();
    const onAbort = (): void => {
      if (this.#current === detector && !isGivenUp) {
        isGivenUp = true;
        this.#givenUp++;
        this.#checkPulse(detector);
      }
      givenUp.reject(new DetectorError(this.info.id, 'aborted'));
    };
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([looking, givenUp.promise]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      looking.catch(() => undefined);
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

  #succeeded(startMs: number): void {
    this.#tookMs.push(this.#lastAnswerMs - startMs);
    this.#attempt = 0;
    this.#failures = 0;
  }

  #failed(detector: Detector, error: unknown): void {
    const isDead = error instanceof DetectorError && error.reason === 'process-died';
    if (isDead || ++this.#failures >= FAILS_AFTER) this.#lose(detector);
  }

  #checkPulse(detector: Detector): void {
    const { hangsMs = HANGS_MS } = this.#options;
    const limitMs = Math.max(hangsMs, HANGS_TIMES * this.#usualMs);
    if (this.#options.clock.nowMs() - this.#lastAnswerMs >= limitMs) this.#lose(detector);
  }

  #lose(detector: Detector): void {
    if (this.#closed || this.#current !== detector) return;
    this.#current = undefined;
    this.#underWay = 0;
    this.#givenUp = 0;
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
        (warmed) => {
          this.#take(warmed);
        },
        () => {
          if (!this.#closed) this.#openLater();
        },
      );
    });
  }

  #take({ detector, usualMs }: Warm): void {
    const isSame = JSON.stringify(detector.info) === JSON.stringify(this.info);
    // The attestation names weights: another set of them must not slip in.
    if (this.#closed || !isSame) {
      void detector.close();
      return;
    }
    this.#current = detector;
    this.#usualMs = usualMs;
    this.#lastAnswerMs = this.#options.clock.nowMs();
  }
}

interface Warm {
  readonly detector: Detector;
  readonly usualMs: number;
}

async function warm(options: SupervisedOptions): Promise<Warm> {
  const { open, clock, warmUps, warmLimitMs } = options;
  const detector = await open();
  try {
    const startMs = clock.nowMs();
    let usualMs = 0;
    for (let run = 0; run < warmUps && clock.nowMs() - startMs < warmLimitMs; run++) {
      const beforeMs = clock.nowMs();
      await detector.warmUp();
      usualMs = clock.nowMs() - beforeMs;
    }
    return { detector, usualMs };
  } catch (error) {
    await detector.close();
    throw error;
  }
}
