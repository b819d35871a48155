/** Weights of one axis sum to this, so that two weighted bytes fit into the halves of a word. */
export const WEIGHT_SUM = 256;

/**
 * Which source samples make each output sample of one axis. Every output sample has `taps`
 * samples; spare ones have weight 0. Outside of the source the nearest sample is repeated.
 */
export interface AxisTable {
  /** Output samples whose centre lies inside the source: [from, to). */
  readonly from: number;
  readonly to: number;
  readonly taps: number;
  /** Source positions, `taps` for each output sample. */
  readonly index: Int32Array;
  /** 0..256, `taps` for each output sample, sum 256. */
  readonly weight: Int32Array;
}

export interface AxisSpec {
  /** Where the source interval starts, in source samples; may lie outside. */
  readonly start: number;
  /** Length of the source interval, in source samples, > 0. */
  readonly span: number;
  /** Length of the whole source axis. */
  readonly sourceLength: number;
  readonly outLength: number;
}

/** Area average where the axis shrinks, linear interpolation where it grows. */
export function axisTable({ start, span, sourceLength, outLength }: AxisSpec): AxisTable {
  const step = span / outLength;
  const taps = tapsOf(start, step, outLength);
  const index = new Int32Array(outLength * taps);
  const weight = new Int32Array(outLength * taps);
  const last = sourceLength - 1;
  let from = outLength;
  let to = 0;
  for (let out = 0; out < outLength; out++) {
    const centre = start + (out + 0.5) * step;
    if (centre >= 0 && centre < sourceLength) {
      from = Math.min(from, out);
      to = out + 1;
    }
    const cell = { index, weight, at: out * taps, taps, last };
    if (step > 1) fillArea(cell, start + out * step, start + (out + 1) * step);
    else fillLinear(cell, centre - 0.5);
  }
  return { from: Math.min(from, to), to, taps, index, weight };
}

/** Whole steps from a whole start need no spare tap: 3:1 takes three, not four. */
function tapsOf(start: number, step: number, outLength: number): number {
  const whole = Number.isInteger(start) && Number.isInteger(step);
  if (whole) return step;
  if (step <= 1) return 2;
  let most = 1;
  for (let out = 0; out < outLength; out++) {
    const begin = Math.floor(start + out * step);
    most = Math.max(most, Math.ceil(start + (out + 1) * step) - begin);
  }
  return most;
}

interface Cell {
  readonly index: Int32Array;
  readonly weight: Int32Array;
  readonly at: number;
  readonly taps: number;
  readonly last: number;
}

function fillArea({ index, weight, at, taps, last }: Cell, begin: number, end: number): void {
  const a = Math.min(last, Math.max(0, begin));
  const b = Math.max(a, Math.min(last + 1, end));
  const first = Math.floor(a);
  let before = 0;
  for (let tap = 0; tap < taps; tap++) {
    const right = first + tap + 1;
    // Rounding the running sum instead of each weight keeps the total exact.
    const sum = right >= b ? WEIGHT_SUM : Math.round(((right - a) / (b - a)) * WEIGHT_SUM);
    index[at + tap] = Math.min(last, first + tap);
    weight[at + tap] = sum - before;
    before = sum;
  }
}

function fillLinear({ index, weight, at, taps, last }: Cell, position: number): void {
  const left = Math.floor(position);
  const share = Math.round((position - left) * WEIGHT_SUM);
  index[at] = Math.min(last, Math.max(0, left));
  weight[at] = WEIGHT_SUM - share;
  if (taps < 2) return;
  index[at + 1] = Math.min(last, Math.max(0, left + 1));
  weight[at + 1] = share;
}
