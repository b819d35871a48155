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

/** For tests that see nothing because everything stays covered, as it should on such a machine. */
export function tooBusy(): string {
  return `nothing but covered pictures; the machine's load is ${(loadavg()[0] ?? 0).toFixed(1)}`;
}
