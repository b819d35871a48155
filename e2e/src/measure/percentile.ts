/** The value below which `share` (0..1) of the values lie; undefined for none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Undefined for no values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const [p50, p95] = [percentile(values, 0.5), percentile(values, 0.95)];
  if (p50 === undefined || p95 === undefined) return undefined;
  const round = (value: number): number => Math.round(value * 10) / 10;
  return { n: values.length, p50: round(p50), p95: round(p95), max: round(Math.max(...values)) };
}
