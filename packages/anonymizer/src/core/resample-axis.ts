/** Weights of one axis sum to this, so that two weighted bytes fit into the halves of a word. */
export const WEIGHT_SUM = 256;

/**
 * Which source samples make each output sample of one axis: `taps` for every output sample,
 * spare ones with weight 0.
 */
export interface AxisTable {
  /** Output samples that show some of the source: [from, to). */
  readonly from: number;
  readonly to: number;
  readonly taps: number;
  /** Source positions, `taps` for each output sample. */
  readonly index: Int32Array;
  /** 0..256, `taps` for each output sample. */
  readonly weight: Int32Array;
  /** Sum of the weights of each output sample: 256, and less where some of it lies outside. */
  readonly total: Int32Array;
}

export interface AxisSpec {
  /** Where the source interval starts, in source samples; may lie outside. */
  readonly start: number;
  /** Length of the source interval, in source samples, > 0. */
  readonly span: number;
  /** Length of the whole source axis. */
  readonly sourceLength: number;
  readonly outLength: number;
  /** What lies outside of the source: the nearest sample, or nothing (weight 0). */
  readonly outside: 'repeat' | 'nothing';
}

/** Area average where the axis shrinks, linear interpolation where it grows. */
export function axisTable(spec: AxisSpec): AxisTable {
  const { start, outLength } = spec;
  const step = spec.span / outLength;
  const taps = tapsOf(start, step, outLength);
  const index = new Int32Array(outLength * taps);
  const weight = new Int32Array(outLength * taps);
  const total = new Int32Array(outLength);
  let from = outLength;
  let to = 0;
  for (let out = 0; out < outLength; out++) {
    const begin = start + out * step;
    const cell = { ...spec, index, weight, at: out * taps, taps };
    total[out] =
      step > 1 ? fillArea(cell, begin, begin + step) : fillLinear(cell, begin + step / 2);
    if (total[out] === 0) continue;
    from = Math.min(from, out);
    to = out + 1;
  }
  return { from: Math.min(from, to), to, taps, index, weight, total };
}

/** Whole steps from a whole start need no spare tap: 3:1 takes three, not four. */
function tapsOf(start: number, step: number, outLength: number): number {
  if (Number.isInteger(start) && Number.isInteger(step)) return step;
  if (step <= 1) return 2;
  let most = 1;
  for (let out = 0; out < outLength; out++) {
    const begin = Math.floor(start + out * step);
    most = Math.max(most, Math.ceil(start + (out + 1) * step) - begin);
  }
  return most;
}

interface Cell extends AxisSpec {
  readonly index: Int32Array;
  readonly weight: Int32Array;
  readonly at: number;
  readonly taps: number;
}

function fillArea(cell: Cell, begin: number, end: number): number {
  const last = cell.sourceLength - 1;
  const missed = begin >= last + 1 || end <= 0;
  const a = missed ? (end <= 0 ? 0 : last) : Math.max(0, begin);
  const b = missed ? a : Math.min(last + 1, end);
  const first = Math.floor(a);
  const whole = cell.outside === 'repeat' ? b - a : end - begin;
  const none = cell.outside === 'repeat' ? WEIGHT_SUM : 0;
  const total = missed ? none : Math.round(((b - a) / whole) * WEIGHT_SUM);
  let before = 0;
  for (let tap = 0; tap < cell.taps; tap++) {
    const right = first + tap + 1;
    // Rounding the running sum instead of each weight keeps the total exact.
    const sum = right >= b ? total : Math.round(((right - a) / whole) * WEIGHT_SUM);
    cell.index[cell.at + tap] = Math.min(last, first + tap);
    cell.weight[cell.at + tap] = sum - before;
    before = sum;
  }
  return total;
}

function fillLinear(cell: Cell, centre: number): number {
  const last = cell.sourceLength - 1;
  const left = Math.floor(centre - 0.5);
  const share = Math.round((centre - 0.5 - left) * WEIGHT_SUM);
  const weights = cell.taps < 2 ? [WEIGHT_SUM] : [WEIGHT_SUM - share, share];
  let total = 0;
  weights.forEach((value, tap) => {
    const inside = left + tap >= 0 && left + tap <= last;
    const weight = inside || cell.outside === 'repeat' ? value : 0;
    cell.index[cell.at + tap] = Math.min(last, Math.max(0, left + tap));
    cell.weight[cell.at + tap] = weight;
    total += weight;
  });
  return total;
}
