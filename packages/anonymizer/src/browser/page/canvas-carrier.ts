import { EdgeError } from '../api.ts';
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
export async function openCanvasCarrier(
  source: MediaStreamTrack,
  frames: FramesWorker,
): Promise<CanvasCarrier> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([source]);
  await video.play();
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  const [track] = canvas.captureStream().getVideoTracks();
  if (!context || !track) throw new EdgeError('unsupported', 'a canvas gives no track here');
  const feed = new VideoFeed(video, frames);
  frames.post({ kind: 'start-canvas' });
  feed.next();
  return {
    track,
    hear(message) {
      if (message.kind === 'taken') feed.isBusy = false;
      if (message.kind !== 'painted') return;
      const { bitmap } = message;
      if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
        canvas.width = bitmap.width;
        canvas.height = bitmap.height;
      }
      context.drawImage(bitmap, 0, 0);
      bitmap.close();
    },
    stop: () => {
      feed.stop();
      video.srcObject = null;
      track.stop();
    },
  };
}

/** Sends the pictures of a video element, never more than the worker has taken. */
class VideoFeed {
  isBusy = false;
  readonly #video: HTMLVideoElement;
  readonly #frames: FramesWorker;
  #stopped = false;

  constructor(video: HTMLVideoElement, frames: FramesWorker) {
    this.#video = video;
    this.#frames = frames;
  }

  next(): void {
    if (this.#stopped) return;
    this.#video.requestVideoFrameCallback((_, { mediaTime }) => {
      this.next();
      if (!this.isBusy) void this.#send(Math.round(mediaTime * 1e6));
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  async #send(timestampUs: number): Promise<void> {
    this.isBusy = true;
    const bitmap = await createImageBitmap(this.#video).catch(() => undefined);
    if (bitmap && !this.#stopped) {
      this.#frames.post({ kind: 'picture', bitmap, timestampUs }, [bitmap]);
    } else this.isBusy = false;
  }
}
