import type { FromFrames } from '../messages.ts';
import type { FramesWorker } from './frames-worker.ts';
import type { Carrier } from './track-carrier.ts';
export interface CanvasCarrier extends Carrier {
  /** Messages of the worker that are the carrier's: painted pictures and its pace. */
  readonly hear: (message: FromFrames) => void;
}
/**
 * Pictures of a hidden video element go to the worker; what it painted is shown on a canvas, whose
 * stream is the track. Stops while the page is hidden.
 */
export declare function openCanvasCarrier(
  source: MediaStreamTrack,
  frames: FramesWorker,
): Promise<CanvasCarrier>;
