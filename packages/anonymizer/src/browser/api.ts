import type { LiveTimelineEvent } from '@drape/contract';
import type { AlwaysRegion, OverloadStep, PaintStyle, WholeCause } from '../core/index.ts';

declare const anonymized: unique symbol;

/**
 * A track whose every frame was decided and painted, or covered whole. Only `openEdge` makes one;
 * a producer takes nothing else.
 */
export type AnonymizedTrack = MediaStreamTrack & { readonly [anonymized]: true };

/** How frames get from the camera to the worker and back. */
export type EdgeCarrier =
  /** MediaStreamTrackProcessor and -Generator: Chromium. */
  | 'track-processor'
  /** A hidden video element, canvases and captureStream(): Firefox, Safari. */
  | 'canvas';

export interface EdgeOptions {
  /** What is filmed. Stays the caller's: closing the edge does not stop it. */
  readonly track: MediaStreamTrack;
  /** Name of a profile of core: `mixed`, `or-camera`, `endoscope`. */
  readonly profile: string;
  /** Places that are covered besides the profile's: the overlay of a device at this site. */
  readonly always?: readonly AlwaysRegion[];
  readonly style: PaintStyle;
  /** How long frames wait for their detectors, in milliseconds, 0..2000. */
  readonly holdMs: number;
  /** Folder of the edge's assets on the page's own origin, such as `/edge/`. */
  readonly assetsUrl: string;
  readonly signal?: AbortSignal;
  /** Left out: the best one that the browser has. */
  readonly carrier?: EdgeCarrier;
}

/** One second of the edge. */
export interface EdgeState {
  /** Frames per second that came from the camera, and that left. */
  readonly fpsIn: number;
  readonly fpsOut: number;
  /** From a frame's arrival to its leaving, hold included, median of the second. */
  readonly latencyMs: number;
  /** How long frames wait for their detectors: longer than asked for where they need it. */
  readonly holdMs: number;
  readonly step: OverloadStep;
  /** Id of the detector that left most frames undecided, if any did. */
  readonly waitsFor?: string;
  /** Why frames of this second were covered whole; the most frequent cause. */
  readonly whole?: WholeCause;
  /** Places covered on the newest frame. */
  readonly counts: { readonly face: number; readonly text: number; readonly code: number };
  /** Mean share of the picture that was covered, 0..1. */
  readonly coveredShare: number;
  /** Looks that each detector ended, and what they took in milliseconds (median). */
  readonly looks: readonly { readonly id: string; readonly count: number; readonly ms: number }[];
}

export type EdgeFailing =
  /** The machine can't keep up at 15 frames per second either. */
  | 'too-slow'
  /** The page is in the background and frames stopped. */
  | 'hidden'
  /** The frames' worker died or hangs. Nothing leaves any more. */
  | 'worker-crashed'
  /** A detector died or hangs and does not come back. All is covered meanwhile. */
  | 'detector-failed'
  /** The browser took WebGL away, which one of the detectors needs. All is covered meanwhile. */
  | 'webgl-lost'
  /** The camera was unplugged or its permission withdrawn. */
  | 'track-ended'
  /** The camera gives no pictures. */
  | 'track-muted';

export interface EdgeEvents {
  /** Once a second. */
  state: EdgeState;
  /**
   * The edge can't do its work: hand over to the server. Whatever still leaves is covered. Comes
   * once per reason until the edge works again.
   */
  failing: { readonly reason: EdgeFailing; readonly detail: string };
  timeline: readonly LiveTimelineEvent[];
}

export interface EdgeAnonymizer {
  /** What leaves; also the preview. */
  readonly track: AnonymizedTrack;
  readonly carrier: EdgeCarrier;
  /** Every file of weights that runs, for the attestation. */
  readonly models: readonly { readonly id: string; readonly sha256: string }[];
  /** Gives a function that takes the listener away again. */
  on<N extends keyof EdgeEvents>(name: N, listener: (event: EdgeEvents[N]) => void): () => void;
  /** Ends the track and the workers. Idempotent. */
  close(): Promise<void>;
}

export type EdgeErrorReason =
  /** edgeSupport() says why. */
  | 'unsupported'
  /** A file of the assets is missing, damaged or not the one that was pinned. */
  | 'assets'
  /** No profile of core has this name. */
  | 'unknown-profile'
  /** A worker did not start. */
  | 'worker-failed'
  /** A required detector did not open. */
  | 'detector-failed'
  /** The signal fired. */
  | 'aborted';

export class EdgeError extends Error {
  override readonly name = 'EdgeError';
  readonly reason: EdgeErrorReason;

  constructor(reason: EdgeErrorReason, detail: string, options: { cause?: unknown } = {}) {
    super(`anonymizing in the browser: ${detail}`, options);
    this.reason = reason;
  }
}
