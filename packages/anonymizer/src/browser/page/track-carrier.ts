import { EdgeError } from '../api.ts';
import { breakoutBox } from './dom-extras.ts';
import type { FramesWorker } from './frames-worker.ts';

/** A way from the source to the worker and back. */
export interface Carrier {
  readonly track: MediaStreamTrack;
  readonly stop: () => void;
}

/** Both ends of the breakout box go to the worker: no frame ever passes through the page. */
export function openTrackCarrier(source: MediaStreamTrack, frames: FramesWorker): Carrier {
  const box = breakoutBox();
  if (!box) throw new EdgeError('unsupported', 'this browser has no track processor');
  const { readable } = new box.MediaStreamTrackProcessor({ track: source });
  const generator = new box.MediaStreamTrackGenerator({ kind: 'video' });
  const { writable } = generator;
  frames.post({ kind: 'start-track', readable, writable }, [readable, writable]);
  return {
    track: generator,
    stop: () => {
      generator.stop();
    },
  };
}
