/** Parts of the way from lens to screen that a viewer's page can know, in milliseconds. */
export interface LatencyParts {
  /** Capture to leaving the anonymizer, hold included; said by the room. */
  readonly pipelineMs: number;
  /** Round trip between this page and the server. */
  readonly roundTripMs: number;
  /** Last packet of a frame received to the frame on screen. */
  readonly displayMs: number;
}

/**
 * Estimate of glass-to-glass latency in milliseconds, or undefined where the pipeline's share is not
 * known. The publisher's way to the server is taken to be as long as ours: clocks of two machines
 * cannot be compared to the millisecond. Encoding (a few ms) is not in it.
 */
export function estimateLatencyMs(parts: Partial<LatencyParts>): number | undefined {
  const { pipelineMs, roundTripMs = 0, displayMs = 0 } = parts;
  if (pipelineMs === undefined) return undefined;
  return Math.round(pipelineMs + roundTripMs + displayMs);
}

/** Exponential mean that follows within about a second at 30 fps. */
export function smooth(previous: number | undefined, sample: number): number {
  return previous === undefined ? sample : previous + (sample - previous) * 0.08;
}
