import type { EdgeCarrier } from '../api.ts';
import { breakoutBox } from './dom-extras.ts';

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
  | { readonly ok: true; readonly carrier: EdgeCarrier }
  | { readonly ok: false; readonly reason: EdgeUnsupported };

/** An empty function that returns a v128: only an engine with SIMD validates it. */
const SIMD_MODULE = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  10,
  1,
  8,
  0,
  65,
  0,
  253,
  15,
  253,
  98,
  11,
);

/** Whether this browser can anonymize, and how. Costs a WebGL context for a moment. */
export function edgeSupport(): EdgeSupport {
  if (!globalThis.isSecureContext) return no('insecure-context');
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(SIMD_MODULE)) {
    return no('no-webassembly-simd');
  }
  if (typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined') {
    return no('no-module-workers');
  }
  if (!hasWebgl2()) return no('no-webgl2');
  if (breakoutBox() && typeof VideoFrame !== 'undefined') {
    return { ok: true, carrier: 'track-processor' };
  }
  return canUseCanvas() ? { ok: true, carrier: 'canvas' } : no('no-carrier');
}

function no(reason: EdgeUnsupported): EdgeSupport {
  return { ok: false, reason };
}

function hasWebgl2(): boolean {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

function canUseCanvas(): boolean {
  return (
    'requestVideoFrameCallback' in HTMLVideoElement.prototype &&
    'captureStream' in HTMLCanvasElement.prototype &&
    typeof createImageBitmap === 'function'
  );
}
