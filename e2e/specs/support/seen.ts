import { loadavg } from 'node:os';
import { isLegible, numberOf } from '../../src/barcode/bits.ts';
import type { TapRecord } from '../../src/browser/tap-worker.ts';
import type { Fluency } from '../../src/measure/freezes.ts';
import { fluencyOf } from '../../src/measure/freezes.ts';
import type { Side } from '../../src/probe/stage.ts';
import { CANARY } from './canary-clip.ts';

/** Frames that a page saw since a moment, without those that the tap skipped. */
export function framesOf(side: Side, sinceMs = 0): TapRecord[] {
  const time = side.tap.role === 'viewer' ? 'shownAtMs' : 'atMs';
  return side.tap.records.filter((one) => !one.skipped && (one.facts[time] ?? 0) >= sinceMs);
}

/** The frame shows the token of the face. */
export function isCanary(frame: TapRecord): boolean {
  return !frame.skipped && isLegible(frame.lumas[1] ?? [], CANARY);
}

/** How many of the frames do. */
export function canariesIn(frames: readonly TapRecord[]): number {
  return frames.filter(isCanary).length;
}

/** How many different source frames are seen in them. */
export function numbersIn(frames: readonly TapRecord[]): Set<number> {
  return new Set(frames.flatMap((frame) => numberOf(frame.lumas[0] ?? []) ?? []));
}

export function fluency(frames: readonly TapRecord[]): Fluency {
  return fluencyOf(
    frames.map(({ facts }) => ({
      shownAtMs: facts['shownAtMs'] ?? 0,
      presentedFrames: facts['presentedFrames'] ?? 0,
    })),
  );
}

/** The pictures that stood longest, and what the page said then: ten runs tell what one does not. */
export function longestPictures(side: Side, frames: readonly TapRecord[], count: number): string[] {
  const longest = fluency(frames).freezes.toSorted((a, b) => b.lastedMs - a.lastedMs);
  return longest
    .slice(0, count)
    .map(({ atMs, lastedMs }) => `${Math.round(lastedMs)} ms at ${whenIn(side, atMs)}`);
}

/** A moment, and how long the page had been in which state and epoch. */
export function whenIn({ tap }: Side, atMs: number): string {
  const before = tap.states.findLast((one) => one.atMs <= atMs);
  return `${new Date(atMs).toISOString()} ${before?.state} epoch ${before?.epoch}, ${Math.round(atMs - (before?.atMs ?? 0))} ms after that began`;
}

/** For tests that see nothing because everything stays covered, as it should on such a machine. */
export function tooBusy(): string {
  return `nothing but covered pictures; the machine's load is ${(loadavg()[0] ?? 0).toFixed(1)}`;
}
