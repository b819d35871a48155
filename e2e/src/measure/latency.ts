export interface Sighting {
  readonly number: number | undefined;
  readonly atMs: number;
}

/** Two processes' clocks may differ by this much. */
const CLOCK_SLACK_MS = 5;

/**
 * Milliseconds from the camera's frame to the picture of the same number; for each picture the
 * latest frame before it counts, as the camera plays in a loop. Undefined where there is none.
 */
export function latencies(
  camera: readonly Sighting[],
  pictures: readonly Sighting[],
): (number | undefined)[] {
  const times = new Map<number, number[]>();
  for (const { number, atMs } of camera) {
    if (number === undefined) continue;
    const known = times.get(number);
    if (known) known.push(atMs);
    else times.set(number, [atMs]);
  }
  return pictures.map(({ number, atMs }) => {
    const earlier = number === undefined ? undefined : times.get(number);
    const taken = earlier?.findLast((time) => time <= atMs + CLOCK_SLACK_MS);
    return taken === undefined ? undefined : atMs - taken;
  });
}
