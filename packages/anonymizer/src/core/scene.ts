import type { I420Planes } from './frame.ts';

const COLUMNS = 32;
const ROWS = 18;
const CELLS = COLUMNS * ROWS;
/** Samples per cell and direction: 32·4 × 18·4 = 9,216 luma samples a frame, about 0.05 ms. */
const SAMPLES = 4;

/** Mean luma on a 32×18 grid: a picture's coarse layout, from which nothing can be recognised. */
export function signatureOf(planes: I420Planes): Float32Array {
  const { widthPx, heightPx, strideY, y } = planes;
  const signature = new Float32Array(CELLS);
  for (let row = 0; row < ROWS * SAMPLES; row++) {
    const line = Math.floor(((row + 0.5) * heightPx) / (ROWS * SAMPLES)) * strideY;
    const cellRow = Math.floor(row / SAMPLES) * COLUMNS;
    for (let column = 0; column < COLUMNS * SAMPLES; column++) {
      const x = Math.floor(((column + 0.5) * widthPx) / (COLUMNS * SAMPLES));
      const cell = cellRow + Math.floor(column / SAMPLES);
      signature[cell] = (signature[cell] ?? 0) + (y[line + x] ?? 0) / (SAMPLES * SAMPLES);
    }
  }
  return signature;
}

/** Mean absolute difference of two signatures, 0..255, after taking out an overall brightness step. */
export function signatureDistance(a: Float32Array, b: Float32Array): number {
  let shift = 0;
  for (let cell = 0; cell < CELLS; cell++) shift += (b[cell] ?? 0) - (a[cell] ?? 0);
  shift /= CELLS;
  let sum = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    sum += Math.abs((b[cell] ?? 0) - (a[cell] ?? 0) - shift / 2);
  }
  return sum / CELLS;
}

/** A change below this many luma levels is never a cut. */
const LEAST_DISTANCE = 12;
/** A cut stands out from the motion around it by this factor. */
const STANDS_OUT = 3.5;
const HISTORY = 12;

/**
 * Tells the first frame of a new picture. A false cut costs two extra looks; a missed one costs
 * carried boxes on the wrong scene and an undetected first frame, so it errs to the first side.
 */
export class SceneDetector {
  #last: Float32Array | undefined;
  #size = '';
  readonly #recent: number[] = [];

  /** True where `planes` starts a new scene; the very first frame does. */
  isNewScene(planes: I420Planes): boolean {
    const size = `${planes.widthPx}x${planes.heightPx}`;
    const signature = signatureOf(planes);
    const previous = this.#size === size ? this.#last : undefined;
    this.#last = signature;
    this.#size = size;
    if (!previous) {
      this.#recent.length = 0;
      return true;
    }
    const distance = signatureDistance(previous, signature);
    const sorted = [...this.#recent].sort((a, b) => a - b);
    const usual = sorted[Math.floor(sorted.length / 2)] ?? 0;
    this.#recent.push(distance);
    if (this.#recent.length > HISTORY) this.#recent.shift();
    return distance > Math.max(LEAST_DISTANCE, STANDS_OUT * usual);
  }
}

/** Knows where one scene ends and another begins. */
export interface Cuts {
  /** True where a new scene starts after `fromUs` and not later than `toUs`. */
  between(fromUs: number, toUs: number): boolean;
}

/** Sorted first-frame times of scenes, in microseconds. */
export class SceneCuts implements Cuts {
  readonly #cutsUs: number[] = [];

  add(ptsUs: number): void {
    this.#cutsUs.push(ptsUs);
  }

  between(fromUs: number, toUs: number): boolean {
    // The first cut after fromUs: binary search, long recordings have thousands.
    let low = 0;
    let high = this.#cutsUs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#cutsUs[middle] ?? Infinity) > fromUs) high = middle;
      else low = middle + 1;
    }
    return (this.#cutsUs[low] ?? Infinity) <= toUs;
  }

  /** Forgets what nobody asks for any more: a live stream has no end. */
  forget(beforeUs: number): void {
    while ((this.#cutsUs[0] ?? Infinity) < beforeUs) this.#cutsUs.shift();
  }

  get all(): readonly number[] {
    return this.#cutsUs;
  }
}

/** The same cuts for a stream that runs backwards: every time is negated. */
export function reversedCuts(cuts: Cuts): Cuts {
  return { between: (fromUs, toUs) => cuts.between(-toUs, -fromUs) };
}
