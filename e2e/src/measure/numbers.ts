/** A frame of the viewer before its source frame is known. */
export interface Unnumbered {
  /** What its barcode says; undefined where it can't be read (it is covered, most often). */
  readonly read: number | undefined;
  /** Clock of the stream; starts anew when the viewer changes to another stream. */
  readonly mediaTimeS: number;
  readonly shownAtMs: number;
}

export type Numbered =
  | { readonly number: number; readonly how: 'read' }
  /** From the frames around it, by time; it may be off by this many frames. */
  | { readonly number: number; readonly how: 'inferred'; readonly withinFrames: number }
  | { readonly number: null; readonly how: 'unknown' };

export interface CameraLoop {
  readonly framesPerSecond: number;
  /** After this many frames the camera begins again. */
  readonly frames: number;
}

/** A run that is longer tells too little of what lies in it. */
const LONGEST_RUN_S = 10;
/** The stream's clock and the wall may differ by this much between two frames of one stream. */
const CLOCKS_AGREE_MS = 400;

/**
 * Gives every frame the number of its source frame: what its barcode says, else what its
 * neighbours with a barcode say of its time.
 */
export function numberFrames(frames: readonly Unnumbered[], loop: CameraLoop): Numbered[] {
  const before = nearest(frames);
  const after = nearest([...frames].reverse()).reverse();
  return frames.map((frame, at) => {
    if (frame.read !== undefined) return { number: frame.read, how: 'read' };
    return infer(frame, { before: before[at], after: after[at] }, loop);
  });
}

type Read = Unnumbered & { readonly read: number };

/** For each frame the last one at or before it that has a barcode. */
function nearest(frames: readonly Unnumbered[]): (Read | undefined)[] {
  let last: Read | undefined;
  return frames.map((frame) => {
    if (frame.read !== undefined) last = { ...frame, read: frame.read };
    return last;
  });
}

function infer(
  frame: Unnumbered,
  around: { readonly before: Read | undefined; readonly after: Read | undefined },
  loop: CameraLoop,
): Numbered {
  const { before, after } = around;
  const wrap = (number: number): number =>
    ((Math.round(number) % loop.frames) + loop.frames) % loop.frames;
  const from = (neighbour: Read): number => seconds(neighbour, frame) * loop.framesPerSecond;
  if (before && after) {
    const runS = seconds(before, after);
    if (runS > LONGEST_RUN_S) return { number: null, how: 'unknown' };
    const span = (after.read - before.read + loop.frames) % loop.frames;
    const share = runS > 0 ? Math.min(1, Math.max(0, seconds(before, frame) / runS)) : 0;
    // Frames that the camera left out may lie anywhere in the run.
    const drift = Math.abs(span - runS * loop.framesPerSecond);
    const number = wrap(before.read + span * share);
    return { number, how: 'inferred', withinFrames: Math.round(drift) + 1 };
  }
  const only = before ?? after;
  if (!only || Math.abs(seconds(only, frame)) > LONGEST_RUN_S) {
    return { number: null, how: 'unknown' };
  }
  const distance = Math.abs(from(only));
  // Nothing holds the other end: a camera that stalls goes unseen.
  const withinFrames = Math.ceil(distance / 10) + 1;
  return { number: wrap(only.read + from(only)), how: 'inferred', withinFrames };
}

/** From one frame to the other: by the stream's clock where both have the same one. */
function seconds(from: Unnumbered, to: Unnumbered): number {
  const media = to.mediaTimeS - from.mediaTimeS;
  const wall = (to.shownAtMs - from.shownAtMs) / 1000;
  return Math.abs(media - wall) * 1000 <= CLOCKS_AGREE_MS ? media : wall;
}
