import {
  DetectorError,
  type AbortSignalLike,
  type After,
  type Detector,
  type DetectorInfo,
  type Look,
  type RawFrame,
} from '../../core/index.ts';

/** Looks in a row that time out before the worker counts as hanging. */
const HANGS_AFTER = 2;
/** Waits before it is opened again, in milliseconds; the last one repeats. */
const BACKOFF_MS = [0, 500, 1000, 2000, 5000, 10_000];

/**
 * A detector that is opened again when it dies or hangs. Meanwhile its looks fail, and so the
 * frames that they should have decided are covered.
 */
export class SupervisedDetector implements Detector {
  readonly info: DetectorInfo;
  readonly #open: () => Promise<Detector>;
  readonly #after: After;
  #current: Detector | undefined;
  #timeouts = 0;
  #attempt = 0;
  #closed = false;
  #callOff: (() => void) | undefined;

  private constructor(first: Detector, open: () => Promise<Detector>, after: After) {
    this.info = first.info;
    this.#current = first;
    this.#open = open;
    this.#after = after;
  }

  /** Opens and warms it. `open` rejects with DetectorError where it can't be had. */
  static async open(open: () => Promise<Detector>, after: After): Promise<SupervisedDetector> {
    const first = await warm(open);
    return new SupervisedDetector(first, open, after);
  }

  /** False while it is being opened again. */
  get isUp(): boolean {
    return this.#current !== undefined;
  }

  async warmUp(): Promise<void> {
    await this.#running().warmUp();
  }

  async look(frame: RawFrame, options: { signal?: AbortSignalLike } = {}): Promise<Look> {
    const detector = this.#running();
    try {
      const look = await detector.look(frame, options);
      this.#timeouts = 0;
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
    const isGone = reason === 'process-died' || this.#timeouts >= HANGS_AFTER;
    if (!isGone || this.#closed || this.#current !== detector) return;
    this.#current = undefined;
    this.#timeouts = 0;
    // A worker that hangs is ended; nobody waits for it.
    detector.close().catch(() => undefined);
    this.#openLater();
  }

  #openLater(): void {
    const waitMs = BACKOFF_MS[Math.min(this.#attempt, BACKOFF_MS.length - 1)] ?? 0;
    this.#attempt++;
    this.#callOff = this.#after(waitMs, () => {
      warm(this.#open).then(
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

async function warm(open: () => Promise<Detector>): Promise<Detector> {
  const detector = await open();
  try {
    await detector.warmUp();
    return detector;
  } catch (error) {
    await detector.close();
    throw error;
  }
}
