import type { FramesWorker } from './frames-worker.ts';
/** A way from the source to the worker and back. */
export interface Carrier {
  readonly track: MediaStreamTrack;
  readonly stop: () => void;
}
/** Both ends of the breakout box go to the worker: no frame ever passes through the page. */
export declare function openTrackCarrier(source: MediaStreamTrack, frames: FramesWorker): Carrier;
