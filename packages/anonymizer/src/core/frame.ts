import type { Size } from './geometry.ts';

/**
 * Three 8-bit planes, 4:2:0. Luma is `heightPx` rows of `strideY` bytes; chroma planes are
 * ceil(widthPx / 2) × ceil(heightPx / 2), in rows of `strideU` and `strideV` bytes.
 */
export interface I420Planes extends Size {
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  readonly strideY: number;
  readonly strideU: number;
  readonly strideV: number;
  /** Full (0..255) or limited (16..235) luma range. Paint needs it to make a legal black. */
  readonly fullRange: boolean;
  /** Which weights turn it into RGB (ITU-R BT.601, BT.709, BT.2020 non-constant luminance). */
  readonly matrix: ColourMatrix;
}

export type ColourMatrix = 'bt601' | 'bt709' | 'bt2020';

/** Clockwise quarter turns that make the coded picture upright for display. */
export type RotationDeg = 0 | 90 | 180 | 270;

/**
 * The memory behind one frame, owned by a carrier: an AVFrame, a pooled buffer in the browser.
 * It is closed exactly once, by whoever holds the frame last.
 */
export interface FrameBuffer {
  /** A view for detectors. It dies with `close()`. */
  read(): I420Planes;
  /**
   * Drops the views until the next `read()`. A runtime that counts them as memory of its own
   * collects garbage all the time while many frames are held.
   */
  rest?(): void;
  /** A view that may be painted on. It may copy memory that is shared with a decoder. */
  write(): I420Planes;
  close(): void;
}

export interface FrameInfo extends Size {
  /** Position in the stream, from 0, without gaps. */
  readonly index: number;
  /** Presentation time in microseconds, strictly rising within a stream. May be negative. */
  readonly ptsUs: number;
  readonly rotationDeg: RotationDeg;
  /**
   * False where the decoder reported damage in this picture. Such a frame is covered whole:
   * what it shows is not what was filmed, and detectors were never measured on it.
   */
  readonly intact: boolean;
}

export class FrameStateError extends Error {
  override readonly name = 'FrameStateError';
  /** `closed`: its memory was given back. `sealed`: it became an AnonymizedFrame. */
  readonly reason: 'closed' | 'sealed';

  constructor(reason: 'closed' | 'sealed', index: number) {
    super(`frame ${index} is ${reason}: its pixels can't be read any more`);
    this.reason = reason;
  }
}

const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A frame as it was filmed. Only detectors and the pipeline see its pixels; printing or
 * serialising it shows none of them.
 */
export class RawFrame<B extends FrameBuffer = FrameBuffer> {
  readonly info: FrameInfo;
  #buffer: B | undefined;
  #gone: 'closed' | 'sealed' = 'closed';

  constructor(info: FrameInfo, buffer: B) {
    this.info = info;
    this.#buffer = buffer;
  }

  /** Raw pixels, for detectors. Throws FrameStateError once closed or sealed. */
  read(): I420Planes {
    return this.#open().read();
  }

  /** The pixels are not needed for now: views that were read may go blank. */
  rest(): void {
    this.#buffer?.rest?.();
  }

  /** Takes the memory out of this frame, so that no raw view of painted memory stays behind. */
  take(): B {
    const buffer = this.#open();
    this.#buffer = undefined;
    this.#gone = 'sealed';
    return buffer;
  }

  /** Gives the memory back. Idempotent. */
  close(): void {
    const buffer = this.#buffer;
    this.#buffer = undefined;
    buffer?.close();
  }

  toJSON(): FrameInfo {
    return this.info;
  }

  [inspect](): string {
    return `RawFrame ${this.info.index} at ${this.info.ptsUs} us`;
  }

  #open(): B {
    if (!this.#buffer) throw new FrameStateError(this.#gone, this.info.index);
    return this.#buffer;
  }
}
