import type {
  ColourMatrix,
  DetectorErrorReason,
  DetectorInfo,
  Look,
  RotationDeg,
} from '../../core/index.ts';

/** Detectors that this carrier has. */
export const DETECTOR_IDS = ['face-centerface', 'text-ppocr', 'code-zxing'] as const;
export type DetectorId = (typeof DETECTOR_IDS)[number];

/** What the thread is started with. */
export interface ThreadStart {
  readonly id: DetectorId;
  /** Threads of the runtime, 1 or more. */
  readonly threads: number;
}

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
  | { readonly kind: 'look'; readonly call: number; readonly frame: PackedFrame }
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
