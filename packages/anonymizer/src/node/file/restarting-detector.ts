import {
  DetectorError,
  packFrame,
  RawFrame,
  unpackFrame,
  type Detector,
  type DetectorInfo,
  type FrameBuffer,
  type I420Planes,
  type Look,
  type LookOptions,
} from '@drape/anonymizer/core';

/** A detector that dies this often in one file dies of the file. */
const MAX_RESTARTS = 3;
/** Looks that wait for a restart; each holds a copy of its frame. */
const MAX_WAITING = 4;

/**
 * Opens a detector again when its thread or process has died. Looks that were under way fail, and
 * what they should have decided is covered; those that come while it opens wait for it. Owns the
 * detectors that it opens.
 */
export class RestartingDetector implements Detector {
  readonly #reopen: () => Promise<Detector>;
  #current: Detector;
  #isDead = false;
  #opening: Promise<void> | undefined;
  #restartsLeft = MAX_RESTARTS;
  #waiting = 0;
  #isClosed = false;

  constructor(detector: Detector, reopen: () => Promise<Detector>) {
    this.#current = detector;
    this.#reopen = reopen;
  }

  get info(): DetectorInfo {
    return this.#current.info;
  }

  /** Another file begins: it may be restarted as often as for any file. */
  renew(): void {
    this.#restartsLeft = MAX_RESTARTS;
  }

  warmUp(): Promise<void> {
    return this.#current.warmUp();
  }

  async look(frame: RawFrame, options: LookOptions = {}): Promise<Look> {
    if (this.#isDead) this.#restart();
    if (this.#opening) return await this.#lookLater(this.#opening, frame, options);
    if (this.#isDead) throw new DetectorError(this.info.id, 'process-died');
    return await this.#lookNow(frame, options);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => undefined);
    await this.#current.close();
  }

  async #lookNow(frame: RawFrame, options: LookOptions): Promise<Look> {
    const detector = this.#current;
    try {
      return await detector.look(frame, options);
    } catch (error) {
      const isDead = error instanceof DetectorError && error.reason === 'process-died';
      if (isDead && detector === this.#current) {
        this.#isDead = true;
        this.#restart();
      }
      throw error;
    }
  }

  /** A frame can be read only now, so that it is copied. */
  async #lookLater(opening: Promise<void>, frame: RawFrame, options: LookOptions): Promise<Look> {
    if (this.#waiting >= MAX_WAITING) {
      const detail = 'too many looks wait for its restart';
      throw new DetectorError(this.info.id, 'process-died', { detail });
    }
    this.#waiting += 1;
    const { rotationDeg } = frame.info;
    const packed = packFrame(frame.read(), rotationDeg, (sizeBytes) => new ArrayBuffer(sizeBytes));
    const copy = new RawFrame(frame.info, new CopiedPlanes(unpackFrame(packed)));
    try {
      await opening;
      if (options.signal?.aborted) throw new DetectorError(this.info.id, 'aborted');
      return await this.#lookNow(copy, options);
    } finally {
      this.#waiting -= 1;
      copy.close();
    }
  }

  #restart(): void {
    if (this.#isClosed || this.#opening || this.#restartsLeft === 0) return;
    this.#restartsLeft -= 1;
    this.#opening = this.#open().finally(() => {
      this.#opening = undefined;
    });
    // Looks that wait for it hear of a failure; the next one tries again.
    this.#opening.catch(() => undefined);
  }

  async #open(): Promise<void> {
    await this.#current.close();
    this.#current = await this.#reopen();
    this.#isDead = false;
  }
}

class CopiedPlanes implements FrameBuffer {
  readonly #planes: I420Planes;

  constructor(planes: I420Planes) {
    this.#planes = planes;
  }

  read(): I420Planes {
    return this.#planes;
  }

  write(): I420Planes {
    return this.#planes;
  }

  // Nothing but the garbage collector holds it.
  close(): void {
    return;
  }
}
