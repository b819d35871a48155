import type { EdgeCarrier } from '../api.ts';
export type EdgeUnsupported =
  /** Cameras, WebCodecs and hashes exist on https and localhost only. */
  | 'insecure-context'
  | 'no-webassembly-simd'
  | 'no-module-workers'
  /** MediaPipe's detector needs WebGL 2, in a worker. */
  | 'no-webgl2'
  /** Neither a track processor nor captureStream() and requestVideoFrameCallback(). */
  | 'no-carrier';
export type EdgeSupport =
  | {
      readonly ok: true;
      readonly carrier: EdgeCarrier;
    }
  | {
      readonly ok: false;
      readonly reason: EdgeUnsupported;
    };
/** Whether this browser can anonymize, and how. Costs a WebGL context for a moment. */
export declare function edgeSupport(): EdgeSupport;
