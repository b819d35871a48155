/** The inner loops of PlaneScaler; they are unrolled because they are nearly all of its time. */

const EVEN = 0x00ff00ff;

/** A source row: where its words start, and its weight, 0..256. */
export interface WeightedRow {
  readonly at: number;
  readonly weight: number;
}

/** Source words, how many, and where their sums go: even bytes first, then the odd ones. */
export interface RowSums {
  readonly words: Int32Array;
  readonly size: number;
  readonly sums: Int32Array;
}

// Unrolled by number of rows: one pass over the sums instead of one per row.

export function set1({ words, size, sums }: RowSums, { at: a, weight: wa }: WeightedRow): void {
  for (let i = 0; i < size; i++) {
    const va = words[a + i] as number;
    sums[i] = Math.imul(va & EVEN, wa);
    sums[size + i] = Math.imul((va >>> 8) & EVEN, wa);
  }
}

export function set2({ words, size, sums }: RowSums, rowA: WeightedRow, rowB: WeightedRow): void {
  const { at: a, weight: wa } = rowA;
  const { at: b, weight: wb } = rowB;
  for (let i = 0; i < size; i++) {
    const va = words[a + i] as number;
    const vb = words[b + i] as number;
    sums[i] = (Math.imul(va & EVEN, wa) + Math.imul(vb & EVEN, wb)) | 0;
    sums[size + i] = (Math.imul((va >>> 8) & EVEN, wa) + Math.imul((vb >>> 8) & EVEN, wb)) | 0;
  }
}

export function set3(
  { words, size, sums }: RowSums,
  rowA: WeightedRow,
  rowB: WeightedRow,
  rowC: WeightedRow,
): void {
  const { at: a, weight: wa } = rowA;
  const { at: b, weight: wb } = rowB;
  const { at: c, weight: wc } = rowC;
  for (let i = 0; i < size; i++) {
    const va = words[a + i] as number;
    const vb = words[b + i] as number;
    const vc = words[c + i] as number;
    sums[i] = (Math.imul(va & EVEN, wa) + Math.imul(vb & EVEN, wb) + Math.imul(vc & EVEN, wc)) | 0;
    sums[size + i] =
      (Math.imul((va >>> 8) & EVEN, wa) +
        Math.imul((vb >>> 8) & EVEN, wb) +
        Math.imul((vc >>> 8) & EVEN, wc)) |
      0;
  }
}

export function add3(
  { words, size, sums }: RowSums,
  rowA: WeightedRow,
  rowB: WeightedRow,
  rowC: WeightedRow,
): void {
  const { at: a, weight: wa } = rowA;
  const { at: b, weight: wb } = rowB;
  const { at: c, weight: wc } = rowC;
  for (let i = 0; i < size; i++) {
    const va = words[a + i] as number;
    const vb = words[b + i] as number;
    const vc = words[c + i] as number;
    sums[i] =
      ((sums[i] as number) +
        Math.imul(va & EVEN, wa) +
        Math.imul(vb & EVEN, wb) +
        Math.imul(vc & EVEN, wc)) |
      0;
    sums[size + i] =
      ((sums[size + i] as number) +
        Math.imul((va >>> 8) & EVEN, wa) +
        Math.imul((vb >>> 8) & EVEN, wb) +
        Math.imul((vc >>> 8) & EVEN, wc)) |
      0;
  }
}

/** Where each tap's half lies, and its weight. */
export interface Columns {
  readonly at: Int32Array;
  readonly weight: Int32Array;
}

// One loop per number of taps: unrolled they take half the time, and 1 to 3 taps are the rule.

export function scale1(halves: Uint16Array, { at }: Columns, out: Int32Array): void {
  for (let x = 0; x < out.length; x++) out[x] = (halves[at[x] as number] as number) >> 4;
}

export function scale2(halves: Uint16Array, { at, weight }: Columns, out: Int32Array): void {
  for (let x = 0, tap = 0; x < out.length; x++, tap += 2) {
    out[x] =
      ((halves[at[tap] as number] as number) * (weight[tap] as number) +
        (halves[at[tap + 1] as number] as number) * (weight[tap + 1] as number)) >>
      12;
  }
}

export function scale3(halves: Uint16Array, { at, weight }: Columns, out: Int32Array): void {
  for (let x = 0, tap = 0; x < out.length; x++, tap += 3) {
    out[x] =
      ((halves[at[tap] as number] as number) * (weight[tap] as number) +
        (halves[at[tap + 1] as number] as number) * (weight[tap + 1] as number) +
        (halves[at[tap + 2] as number] as number) * (weight[tap + 2] as number)) >>
      12;
  }
}

export function scaleMany(
  halves: Uint16Array,
  { at, weight, taps }: Columns & { readonly taps: number },
  out: Int32Array,
): void {
  let tap = 0;
  for (let x = 0; x < out.length; x++) {
    let sum = 0;
    for (const end = tap + taps; tap < end; tap++) {
      sum += (halves[at[tap] as number] as number) * (weight[tap] as number);
    }
    out[x] = sum >> 12;
  }
}

// Shrinking to a half or a third (720p and 1080p to 360 rows) is the rule: there whole words of
// sums are read instead of weighted halves, in half the time.

export function halve(sums: Int32Array, out: Int32Array): void {
  const odd = sums.length >> 1;
  for (let word = 0, x = 0; word < odd; word++, x += 2) {
    const e = sums[word] as number;
    const o = sums[odd + word] as number;
    out[x] = ((e & 0xffff) + (o & 0xffff)) >> 5;
    out[x + 1] = ((e >>> 16) + (o >>> 16)) >> 5;
  }
}

/** Three words of four columns make four output columns; 1365 / 2^16 is 1 / 48. */
export function third(sums: Int32Array, out: Int32Array): void {
  const odd = sums.length >> 1;
  for (let word = 0, x = 0; word < odd; word += 3, x += 4) {
    const e0 = sums[word] as number;
    const e1 = sums[word + 1] as number;
    const e2 = sums[word + 2] as number;
    const o0 = sums[odd + word] as number;
    const o1 = sums[odd + word + 1] as number;
    const o2 = sums[odd + word + 2] as number;
    out[x] = Math.imul((e0 & 0xffff) + (o0 & 0xffff) + (e0 >>> 16), 1365) >> 16;
    out[x + 1] = Math.imul((o0 >>> 16) + (e1 & 0xffff) + (o1 & 0xffff), 1365) >> 16;
    out[x + 2] = Math.imul((e1 >>> 16) + (o1 >>> 16) + (e2 & 0xffff), 1365) >> 16;
    out[x + 3] = Math.imul((o2 & 0xffff) + (e2 >>> 16) + (o2 >>> 16), 1365) >> 16;
  }
}
