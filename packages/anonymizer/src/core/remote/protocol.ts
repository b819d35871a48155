import type { DetectorErrorReason, DetectorInfo, Look, LookEffort } from '../detector.ts';
import type { ColourMatrix, RotationDeg } from '../frame.ts';

/** A frame's planes in one buffer, which travels to the thread and back. */
export interface PackedFrame {
  readonly buffer: ArrayBuffer;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly strideY: number;
  readonly strideU: number;
  readonly strideV: number;
  /** Where each plane starts, in bytes. */
  readonly offsetY: number;
  readonly offsetU: number;
  readonly offsetV: number;
  readonly fullRange: boolean;
  readonly matrix: ColourMatrix;
  readonly rotationDeg: RotationDeg;
}

export type ToThread =
  | { readonly kind: 'warm-up'; readonly call: number }
  | {
      readonly kind: 'look';
      readonly call: number;
      readonly frame: PackedFrame;
      readonly effort: LookEffort;
    }
  | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'ready'; readonly info: DetectorInfo }
  | { readonly kind: 'warm'; readonly call: number }
  | {
      readonly kind: 'seen';
      readonly call: number;
      readonly look: Look;
      readonly buffer: ArrayBuffer;
    }
  | {
      readonly kind: 'failed';
      /** Undefined where the detector could not be opened. */
      readonly call: number | undefined;
      readonly reason: DetectorErrorReason;
      readonly detail: string;
    };

/** A detector's thread, seen from the frames' side: a Node thread or a browser's worker. */
export interface DetectorThread {
  post(message: ToThread, transfer: readonly ArrayBuffer[]): void;
  /** Called once. `onEnd`: the thread died; nothing comes after it. */
  listen(on: {
    readonly message: (message: FromThread) => void;
    readonly end: (cause: unknown) => void;
  }): void;
  /** Lets it end by itself for a while after `close` was posted, then ends it. */
  stop(): Promise<void>;
}

/** Calls back once after a time in milliseconds; the returned function calls it off. Core has no clock. */
export type After = (ms: number, act: () => void) => () => void;
