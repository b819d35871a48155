/** When a picture was put on the screen, and the element's own count of pictures. */
export interface Shown {
  readonly shownAtMs: number;
  readonly presentedFrames: number;
}

export interface Freeze {
  readonly atMs: number;
  readonly lastedMs: number;
}

export interface Fluency {
  readonly framesPerSecond: number;
  /** Longest time that one picture stood, milliseconds. */
  readonly longestMs: number;
  /** Pictures that stood longer than three frames or 150 ms more than one (as WebRTC counts). */
  readonly freezes: readonly Freeze[];
  /** Pictures that were shown but not seen by the recording, which was behind. */
  readonly unseen: number;
}

/** How evenly pictures followed each other. */
export function fluencyOf(frames: readonly Shown[]): Fluency {
  const gaps: Freeze[] = [];
  let unseen = 0;
  for (const [at, frame] of frames.entries()) {
    const next = frames[at + 1];
    if (!next) break;
    const steps = next.presentedFrames - frame.presentedFrames;
    // Another element, or another stream in it, counts from its own start.
    const pictures = steps >= 1 ? steps : 1;
    unseen += pictures - 1;
    gaps.push({ atMs: frame.shownAtMs, lastedMs: (next.shownAtMs - frame.shownAtMs) / pictures });
  }
  const totalMs = (frames.at(-1)?.shownAtMs ?? 0) - (frames[0]?.shownAtMs ?? 0);
  const shown = gaps.length + unseen;
  const meanMs = totalMs / Math.max(1, shown);
  const limitMs = Math.max(3 * meanMs, meanMs + 150);
  return {
    framesPerSecond: totalMs > 0 ? (1000 * shown) / totalMs : 0,
    longestMs: Math.max(0, ...gaps.map((gap) => gap.lastedMs)),
    freezes: gaps.filter((gap) => gap.lastedMs > limitMs),
    unseen,
  };
}
