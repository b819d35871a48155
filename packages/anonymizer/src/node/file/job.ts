import type { PaintStyle } from '@drape/anonymizer/core';
import type { Timeline } from '@drape/contract';
import type { EncoderPreset } from '../media/index.ts';

/** One file to anonymize. */
export interface FileJob {
  readonly input: string;
  readonly output: string;
  /** Name of a built-in profile. */
  readonly profile: string;
  readonly style: PaintStyle;
  /** `keep` copies sound as it is: voices identify people. */
  readonly audio: 'drop' | 'keep';
  /** x264 preset, `ultrafast` … `veryslow`; other encoders take their nearest. */
  readonly preset: EncoderPreset;
  /** Constant rate factor, 0 (lossless) … 51. */
  readonly crf?: number;
  /** Find what would be covered, and write no picture. */
  readonly dryRun: boolean;
  /** Write the timeline and the contact sheet beside the output, once that is complete. */
  readonly report: boolean;
  /** Detectors on top of the profile's. */
  readonly detectors?: readonly string[];
  /** How surely a view must be inside a body where the profile asks, 0.5..1; 0.5 where left out. */
  readonly insideFrom?: number;
  /** CPU threads for this file. */
  readonly threads: number;
  /**
   * `whole` (the default): everything in the recording is known when a frame is painted.
   * Milliseconds: only so much of what follows is known, as live. For measuring.
   */
  readonly holdMs?: number | 'whole';
  /** A picture is looked at thoroughly. `both`: as frames of a recording are. For measuring. */
  readonly stillEffort?: 'both';
}

export interface FileProgress {
  readonly stage: 'anonymizing' | 'second-pass' | 'finishing';
  readonly framesDone: number;
  /** Undefined where the container does not say. */
  readonly framesTotal: number | undefined;
  /** Media time of the last frame done. */
  readonly ptsUs: number;
  readonly framesPerSecond: number;
}

export interface FileResult {
  readonly kind: 'video' | 'still';
  readonly frames: number;
  readonly durationUs: number;
  readonly elapsedMs: number;
  readonly coveredWholeFrames: number;
  readonly damagedFrames: number;
  readonly timeline: Timeline;
  readonly warnings: readonly string[];
  /** Files that were written. */
  readonly written: readonly string[];
}

export interface FileHooks {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FileProgress) => void;
}
