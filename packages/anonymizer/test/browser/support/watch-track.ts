import { CELL, CELLS, readToken } from './barcode.ts';

export interface SeenFrame {
  readonly atMs: number;
  readonly timestampUs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** The token that can be read at the top left of the picture: it must never be. */
  readonly token: number | undefined;
  /** Mean brightness, 0..255. */
  readonly brightness: number;
  /** Standard deviation of brightness over the picture: 0 for a picture of one colour. */
  readonly contrast: number;
}

export interface TrackWatch {
  readonly frames: SeenFrame[];
  stop(): void;
}

/** Reads every frame of a track as a viewer's machine gets it. */
export function watchTrack(track: MediaStreamTrack): TrackWatch {
  const frames: SeenFrame[] = [];
  const Processor = (globalThis as unknown as { MediaStreamTrackProcessor: ProcessorClass })
    .MediaStreamTrackProcessor;
  const reader = new Processor({ track, maxBufferSize: 10 }).readable.getReader();
  void (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      try {
        frames.push(await look(value));
      } finally {
        value.close();
      }
    }
  })();
  return { frames, stop: () => void reader.cancel() };
}

type ProcessorClass = new (init: { track: MediaStreamTrack; maxBufferSize: number }) => {
  readable: ReadableStream<VideoFrame>;
};

async function look(frame: VideoFrame): Promise<SeenFrame> {
  const atMs = performance.now();
  const [widthPx, heightPx] = [frame.displayWidth, frame.displayHeight];
  const luma = await lumaOf(frame);
  const at = (x: number, y: number): number => luma[Math.floor(y) * widthPx + Math.floor(x)] ?? 0;
  const cells = Array.from({ length: CELLS }, (_, cell) =>
    at((cell + 0.5) * CELL.widthPx, CELL.heightPx / 2),
  );
  const samples = Array.from({ length: 32 * 18 }, (_, index) =>
    at((((index % 32) + 0.5) * widthPx) / 32, ((Math.floor(index / 32) + 0.5) * heightPx) / 18),
  );
  const brightness = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const variance =
    samples.reduce((sum, value) => sum + (value - brightness) ** 2, 0) / samples.length;
  const contrast = Math.sqrt(variance);
  const { timestamp: timestampUs } = frame;
  return { atMs, timestampUs, widthPx, heightPx, token: readToken(cells), brightness, contrast };
}

async function lumaOf(frame: VideoFrame): Promise<Uint8Array> {
  const bytes = new Uint8Array(frame.allocationSize());
  const [luma] = await frame.copyTo(bytes);
  const { displayWidth: width, displayHeight: height } = frame;
  if (frame.format !== 'I420' && frame.format !== 'NV12') {
    // Packed pixels: any one colour will do.
    return Uint8Array.from({ length: width * height }, (_, at) => bytes[4 * at + 1] ?? 0);
  }
  const plane = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (luma?.offset ?? 0) + y * (luma?.stride ?? width);
    plane.set(bytes.subarray(from, from + width), y * width);
  }
  return plane;
}
