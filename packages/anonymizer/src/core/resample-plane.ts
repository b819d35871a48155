import type { Box } from './geometry.ts';
import { axisTable, WEIGHT_SUM, type AxisTable } from './resample-axis.ts';
import {
  add3,
  halve,
  scale1,
  scale2,
  scale3,
  scaleMany,
  set1,
  set2,
  set3,
  third,
  type WeightedRow,
} from './resample-kernels.ts';

/** One 8-bit plane in memory that starts on a word and has whole words per row. */
interface AlignedPlane {
  readonly words: Int32Array;
  readonly strideWords: number;
}

export interface PlaneSource {
  readonly data: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

export interface PlaneOut {
  readonly width: number;
  readonly height: number;
  /** Byte value of what lies outside of the plane; the nearest sample is repeated without it. */
  readonly outsideValue?: number;
}

/**
 * Scales a region of a plane row by row. Columns of two source bytes at a time are weighted in
 * the halves of a 32-bit word: weights sum to 256, so a half never overflows into the other.
 */
export class PlaneScaler {
  readonly columns: AxisTable;
  readonly rows: AxisTable;
  readonly #plane: AlignedPlane;
  readonly #firstWord: number;
  readonly #words: number;
  readonly #outsideValue: number;
  /** Row sums: first those of the even bytes of each word, then those of the odd ones. */
  readonly #sums: Int32Array;
  readonly #halves: Uint16Array;
  readonly #columnAt: Int32Array;
  /** Whole source columns per output column where the sums can be read word by word, or 0. */
  readonly #ratio: number;

  /** `region` is in samples of this plane and may reach outside. */
  constructor(source: PlaneSource, region: Box, out: PlaneOut) {
    const outside = out.outsideValue === undefined ? 'repeat' : 'nothing';
    this.#outsideValue = out.outsideValue ?? 0;
    this.columns = axisTable({
      start: region.x,
      span: region.w,
      sourceLength: source.width,
      outLength: out.width,
      outside,
    });
    this.rows = axisTable({
      start: region.y,
      span: region.h,
      sourceLength: source.height,
      outLength: out.height,
      outside,
    });
    const { index } = this.columns;
    this.#plane = aligned(source);
    this.#firstWord = index.reduce((low, x) => Math.min(low, x), source.width - 1) >> 2;
    const lastWord = index.reduce((high, x) => Math.max(high, x), 0) >> 2;
    this.#words = lastWord - this.#firstWord + 1;
    this.#sums = new Int32Array(this.#words * 2);
    this.#halves = new Uint16Array(this.#sums.buffer);
    const origin = this.#firstWord * 4;
    const odd = this.#words * 2;
    const ratio = region.w / out.width;
    // The whole width in whole words: nothing of a row's padding is read.
    const wordwise = region.x === 0 && region.w === source.width && out.width % 4 === 0;
    this.#ratio = wordwise && region.w % 4 === 0 ? ratio : 0;
    this.#columnAt = index.map((x) => ((x - origin) >> 1) + (x & 1) * odd);
  }

  /** Writes output row `y`: 16 × the byte value for each column. */
  row(y: number, out: Int32Array): void {
    this.#sumRows(y);
    const { taps, weight } = this.columns;
    const at = this.#columnAt;
    const halves = this.#halves;
    if (this.#ratio === 2) halve(this.#sums, out);
    else if (this.#ratio === 3) third(this.#sums, out);
    else if (taps === 1) scale1(halves, { at, weight }, out);
    else if (taps === 2) scale2(halves, { at, weight }, out);
    else if (taps === 3) scale3(halves, { at, weight }, out);
    else scaleMany(halves, { at, weight, taps }, out);
    if (this.#outsideValue > 0) this.#fillOutside(y, out);
  }

  /** What the weights leave of 1 is outside of the plane. */
  #fillOutside(y: number, out: Int32Array): void {
    const rowTotal = this.rows.total[y] ?? 0;
    const value = this.#outsideValue;
    this.columns.total.forEach((total, x) => {
      const missing = WEIGHT_SUM * WEIGHT_SUM - total * rowTotal;
      if (missing > 0) out[x] = (out[x] ?? 0) + ((missing * value) >> 12);
    });
  }

  #sumRows(y: number): void {
    const { taps, index, weight } = this.rows;
    const { words, strideWords } = this.#plane;
    const sums = this.#sums;
    const size = this.#words;
    const row = (tap: number): WeightedRow => ({
      at: (index[tap] ?? 0) * strideWords + this.#firstWord,
      weight: weight[tap] ?? 0,
    });
    const first = y * taps;
    const rest = first + (taps % 3 === 0 ? 3 : taps % 3);
    if (taps % 3 === 1) set1({ words, size, sums }, row(first));
    else if (taps % 3 === 2) set2({ words, size, sums }, row(first), row(first + 1));
    else set3({ words, size, sums }, row(first), row(first + 1), row(first + 2));
    for (let tap = rest; tap < first + taps; tap += 3) {
      add3({ words, size, sums }, row(tap), row(tap + 1), row(tap + 2));
    }
  }
}

/** Words over the plane's own memory, or over a copy where it is not aligned to them. */
function aligned({ data, stride, width, height }: PlaneSource): AlignedPlane {
  const strideWords = (width + 3) >> 2;
  const fits = data.byteOffset % 4 === 0 && stride % 4 === 0;
  if (fits && data.byteLength >= (height - 1) * stride + strideWords * 4) {
    const words = new Int32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
    return { words, strideWords: stride >> 2 };
  }
  const copy = new Uint8Array(strideWords * 4 * height);
  for (let y = 0; y < height; y++) {
    copy.set(data.subarray(y * stride, y * stride + width), y * strideWords * 4);
  }
  return { words: new Int32Array(copy.buffer), strideWords };
}
