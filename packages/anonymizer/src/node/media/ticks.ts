/** A fraction of a second: one tick of a stream's clock. */
export interface TimeBase {
  readonly num: number;
  readonly den: number;
}

export const MICROSECONDS: TimeBase = { num: 1, den: 1_000_000 };

/** Converts between clocks, exactly, rounded to the nearest tick (halves away from zero). */
export function rescale(ticks: bigint, from: TimeBase, to: TimeBase): bigint {
  const above = ticks * BigInt(from.num) * BigInt(to.den);
  const below = BigInt(from.den) * BigInt(to.num);
  const half = below / 2n;
  return above >= 0n ? (above + half) / below : -((-above + half) / below);
}

export function ticksToUs(ticks: bigint, timeBase: TimeBase): number {
  return Number(rescale(ticks, timeBase, MICROSECONDS));
}
