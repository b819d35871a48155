import { AnonymizedFrame } from '../../core/index.ts';
import { workerScope as scope } from '../messages.ts';
import { i420ToRgba } from './convert-rgba.ts';
import type { PooledFrame } from './plane-pool.ts';

/** Where anonymized frames go. It takes each frame over and closes it. */
export interface FrameSink {
  write(frame: AnonymizedFrame<PooledFrame>): void;
  close(): Promise<void>;
}

/** Frames that the generator may be behind; more are left out, so that delay never grows. */
const MAX_UNWRITTEN = 3;

/** Into the writable of a MediaStreamTrackGenerator. */
export class TrackSink implements FrameSink {
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;
  readonly #onBroken: (cause: unknown) => void;
  #unwritten = 0;

  constructor(writable: WritableStream<VideoFrame>, onBroken: (cause: unknown) => void) {
    this.#writer = writable.getWriter();
    this.#onBroken = onBroken;
  }

  write(frame: AnonymizedFrame<PooledFrame>): void {
    try {
      if (this.#unwritten < MAX_UNWRITTEN) this.#send(videoFrameOf(frame));
    } finally {
      frame.close();
    }
  }

  async close(): Promise<void> {
    await this.#writer.abort().catch(() => undefined);
  }

  #send(picture: VideoFrame): void {
    this.#unwritten++;
    this.#writer.write(picture).then(
      () => {
        this.#unwritten--;
      },
      (cause: unknown) => {
        picture.close();
        this.#onBroken(cause);
      },
    );
  }
}

/** A copy of what is painted; the pool's memory stays behind. */
function videoFrameOf(frame: AnonymizedFrame<PooledFrame>): VideoFrame {
  if (!AnonymizedFrame.isSealed(frame)) throw new TypeError('only anonymized frames leave');
  const { info, buffer } = frame;
  const { space } = buffer.colour;
  const init: VideoFrameBufferInit & { rotation?: number } = {
    format: 'I420',
    codedWidth: info.widthPx,
    codedHeight: info.heightPx,
    timestamp: info.ptsUs,
    layout: [...buffer.layout.planes],
    ...(space ? { colorSpace: space } : {}),
    ...(info.rotationDeg === 0 ? {} : { rotation: info.rotationDeg }),
  };
  return new VideoFrame(buffer.bytes, init);
}

/** To the page as bitmaps, which it shows on a canvas whose stream is the track. */
export class CanvasSink implements FrameSink {
  #canvas = new OffscreenCanvas(1, 1);

  write(frame: AnonymizedFrame<PooledFrame>): void {
    try {
      if (!AnonymizedFrame.isSealed(frame)) throw new TypeError('only anonymized frames leave');
      const { widthPx, heightPx } = frame.info;
      const image = new ImageData(widthPx, heightPx);
      i420ToRgba(frame.buffer.read(), image.data);
      if (this.#canvas.width !== widthPx || this.#canvas.height !== heightPx) {
        this.#canvas = new OffscreenCanvas(widthPx, heightPx);
      }
      this.#canvas.getContext('2d')?.putImageData(image, 0, 0);
      const bitmap = this.#canvas.transferToImageBitmap();
      scope.postMessage({ kind: 'painted', bitmap }, [bitmap]);
    } finally {
      frame.close();
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
