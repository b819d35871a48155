import {
  DetectorError,
  type Detector,
  type DetectorInfo,
  type Look,
  type LookOptions,
  type RawFrame,
} from '../../core/index.ts';
import type { Clock } from './clock.ts';

/**
 * Without an answer for this long while it should look, or for so many of its usual times on a
 * machine that is busy, a worker hangs.
 */
const HANGS_MS = 8000;
const HANGS_TIMES = 8;
/** Waits before it is opened again, in milliseconds; the last one repeats. */
const BACKOFF_MS = [0, 500, 1000, 2000, 5000, 10_000];

/**
 * A detector that is opened again when it dies or hangs. Meanwhile its looks fail, and so the
 * frames that they should have decided are covered.
 */
export class SupervisedDetector implements Detector {
  readonly info: DetectorInfo;
  readonly #open: () => Promise<Detector>;
  readonly #clock: Clock;
  #tookMs: number[] = [];
  #current: Detector | undefined;
  #lastAnswerMs: number;
  /** What its last warm-up took. */
  #usualMs: number;
  /** A look is under way that has not been answered, given up by its caller or not. */
  #isAsked = false;
  #attempt = 0;
  #closed = false;
  #callOff: (() => void) | undefined;

  private constructor({ detector, usualMs }: Warm, open: () => Promise<Detector>, clock: Clock) {
    this.info = detector.info;
    this.#current = detector;
    this.#usualMs = usualMs;
    this.#open = open;
    this.#clock = clock;
    this.#lastAnswerMs = clock.nowMs();
  }

  /** Opens and warms it. `open` rejects with DetectorError where it can't be had. */
  static async open(open: () => Promise<Detector>, clock: Clock): Promise<SupervisedDetector> {
    return new SupervisedDetector(await warm(open, clock), open, clock);
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
   * One look at a time: while a worker is still busy with one that was given up, others are turned
   * away. They would wait in line, and every answer would come later than the one before.
   */
  async look(frame: RawFrame, { signal, ...options }: LookOptions = {}): Promise<Look> {
    const detector = this.#running();
    const startMs = this.#clock.nowMs();
    if (this.#isAsked) {
      this.#checkPulse(detector);
      throw new DetectorError(this.info.id, 'timeout', { detail: 'it is busy with an older look' });
    }
    this.#lastAnswerMs = startMs;
    this.#isAsked = true;
    // Without the signal: an answer that comes too late for its frame still shows that it is alive.
    const looking = detector.look(frame, options).then(
      (look) => {
        const nowMs = this.#clock.nowMs();
        this.#tookMs.push(nowMs - startMs);
        this.#answered(nowMs);
        return look;
      },
      (error: unknown) => {
        if (error instanceof DetectorError && error.reason === 'process-died') this.#lose(detector);
        else this.#answered(this.#clock.nowMs());
        throw error;
      },
    );
    const given = Promise.withResolvers<never>();
    const onAbort = (): void => {
      this.#checkPulse(detector);
      given.reject(new DetectorError(this.info.id, 'aborted'));
    };
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([looking, given.promise]);
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

  #answered(nowMs: number): void {
    this.#lastAnswerMs = nowMs;
    this.#isAsked = false;
    this.#attempt = 0;
  }

  #checkPulse(detector: Detector): void {
    const limitMs = Math.max(HANGS_MS, HANGS_TIMES * this.#usualMs);
    if (this.#clock.nowMs() - this.#lastAnswerMs >= limitMs) this.#lose(detector);
  }

  #lose(detector: Detector): void {
    if (this.#closed || this.#current !== detector) return;
    this.#current = undefined;
    this.#isAsked = false;
    // A worker that hangs is ended; nobody waits for it.
    detector.close().catch(() => undefined);
    this.#openLater();
  }

  #openLater(): void {
    const waitMs = BACKOFF_MS[Math.min(this.#attempt, BACKOFF_MS.length - 1)] ?? 0;
    this.#attempt++;
    this.#callOff = this.#clock.after(waitMs, () => {
      warm(this.#open, this.#clock).then(
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
    this.#answered(this.#clock.nowMs());
  }
}

interface Warm {
  readonly detector: Detector;
  readonly usualMs: number;
}

/**
 * WebAssembly starts in code that is quick to make, and is compiled again while it runs: until
 * then a look takes several times as long.
 */
const WARM_UPS = 6;
const WARM_LIMIT_MS = 3000;

async function warm(open: () => Promise<Detector>, clock: Clock): Promise<Warm> {
  const detector = await open();
  try {
    const startMs = clock.nowMs();
    let usualMs = 0;
    for (let run = 0; run < WARM_UPS && clock.nowMs() - startMs < WARM_LIMIT_MS; run++) {
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
