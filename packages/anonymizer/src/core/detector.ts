import type { RawFrame } from './frame.ts';
import type { Box } from './geometry.ts';

/** What detectors look for. `outside`: the whole picture, where it is not surely inside a body. */
export const DETECTION_CLASSES = [
  'face',
  'head',
  'person',
  'text',
  'code',
  'screen',
  'outside',
] as const;
export type DetectionClass = (typeof DETECTION_CLASSES)[number];

export interface Detection {
  readonly cls: DetectionClass;
  /** In coded pixels of the frame looked at, as the detector drew it: not grown. */
  readonly box: Box;
  /** 0..1, comparable only within one detector. */
  readonly score: number;
}

export interface Look {
  readonly detections: readonly Detection[];
  /**
   * Regions in which more was found than the detector's cap lets through. They are covered as
   * a whole: at the cap nothing is dropped.
   */
  readonly saturated: readonly Box[];
}

/** One score, below which nothing counts, and one from which a single sighting is enough. */
export interface ScoreSteps {
  /** Sightings below are dropped; from here on they keep a known track alive. 0..1. */
  readonly low: number;
  /** From here on a single sighting starts a track. 0..1, ≥ low. */
  readonly high: number;
}

export interface DetectorInfo {
  /** Stable name, such as `face-centerface`. */
  readonly id: string;
  readonly classes: readonly DetectionClass[];
  readonly steps: ScoreSteps;
  /** Which weights it runs: id and sha256 of each file. Written into the timeline. */
  readonly models: readonly { readonly id: string; readonly sha256: string }[];
}

/** The weights that these detectors run, each named once: several share the judge. */
export function weightsOf(
  detectors: readonly { readonly info: DetectorInfo }[],
): DetectorInfo['models'] {
  const models = detectors.flatMap(({ info }) => info.models);
  return [...new Map(models.map((model) => [`${model.id} ${model.sha256}`, model])).values()];
}

/**
 * How a look is done: the usual one of a stream; `fine`, for what is too small for that one, in turns with it (see
 * DetectorPolicy.smallPrint); `both` at once; or that of a picture of which there is no second one, which is both and more. There
 * is no quicker one for a stream that is behind: a look that misses shows what it missed, one that is late covers the
 * frame.
 */
export type LookEffort = 'usual' | 'fine' | 'both' | 'thorough';

export interface LookOptions {
  readonly signal?: AbortSignalLike;
  /** `usual` unless said. A detector that knows no other way takes no notice. */
  readonly effort?: LookEffort;
}

/**
 * One way to find things in a picture. The contract, which `@drape/anonymizer/testing` checks
 * on every backend:
 *
 * - `look()` reads the frame's pixels before it returns its promise, or keeps a copy: the caller
 *   may close the frame at any time after that.
 * - It handles every size from 16×16 to 8192×8192, every rotation, and never changes pixels.
 * - Boxes are finite, overlap the picture, in coded pixels; scores are in 0..1.
 * - Several looks may be under way at once. A look that can't be done rejects with a
 *   DetectorError; it never resolves to "nothing found" instead.
 * - `close()` is idempotent and rejects what is under way.
 */
export interface Detector {
  readonly info: DetectorInfo;
  /** Loads and runs once, so that the first look costs what every look costs. */
  warmUp(): Promise<void>;
  look(frame: RawFrame, options?: LookOptions): Promise<Look>;
  close(): Promise<void>;
}

/** The part of AbortSignal that core may know of: it has no DOM and no Node types. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export type DetectorErrorReason =
  /** Weights are missing or can't be loaded: `npm run setup` brings them. */
  | 'model-missing'
  /** The runtime failed on this picture. */
  | 'inference-failed'
  /** No answer within the deadline. */
  | 'timeout'
  /** The caller gave up. */
  | 'aborted'
  /** The detector was closed. */
  | 'closed'
  /** The process that runs it died. */
  | 'process-died';

export class DetectorError extends Error {
  override readonly name = 'DetectorError';
  readonly detectorId: string;
  readonly reason: DetectorErrorReason;

  constructor(
    detectorId: string,
    reason: DetectorErrorReason,
    options: { readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(`detector ${detectorId}: ${options.detail ?? reason}`, { cause: options.cause });
    this.detectorId = detectorId;
    this.reason = reason;
  }
}
