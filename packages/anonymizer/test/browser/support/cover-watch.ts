import { indexOfFrame, type Clip } from './clip-source.ts';

/** Where something is that must be covered: x, y, width, height in pixels. */
export type TruthBox = readonly [number, number, number, number];

export interface CoverFrame {
  readonly index: number;
  readonly atMs: number;
  /** Covered share of each box of this frame's truth, 0..1. */
  readonly shares: readonly number[];
  /** Covered share of the whole picture, sampled. */
  readonly covered: number;
}

/** Magenta in limited-range BT.709 or BT.601, as far as codecs leave it. */
const FILLS = [
  [78, 214, 230],
  [107, 202, 222],
] as const;
const TOLERANCE = 14;

/** Measures on every frame that leaves how much of its truth has the fill colour. */
export function watchCover(
  track: MediaStreamTrack,
  clip: Clip,
  truth: readonly (readonly TruthBox[])[],
): CoverFrame[] {
  const frames: CoverFrame[] = [];
  const Processor = (globalThis as unknown as { MediaStreamTrackProcessor: ProcessorClass })
    .MediaStreamTrackProcessor;
  const reader = new Processor({ track, maxBufferSize: 30 }).readable.getReader();
  void (async () => {
    for (;;) {
      const { done, value: frame } = await reader.read();
      if (done) return;
      const atMs = performance.now();
      try {
        const isFill = await fillTest(frame);
        const index = indexOfFrame(frame.timestamp, clip);
        const shares = (truth[index] ?? []).map((box) => shareOf(box, isFill));
        const whole = [0, 0, frame.codedWidth, frame.codedHeight] as const;
        frames.push({ index, atMs, shares, covered: shareOf(whole, isFill, 24) });
      } finally {
        frame.close();
      }
    }
  })();
  return frames;
}

type ProcessorClass = new (init: { track: MediaStreamTrack; maxBufferSize: number }) => {
  readable: ReadableStream<VideoFrame>;
};

async function fillTest(frame: VideoFrame): Promise<(x: number, y: number) => boolean> {
  if (frame.format !== 'I420') throw new TypeError(`frames leave as ${frame.format ?? 'nothing'}`);
  const bytes = new Uint8Array(frame.allocationSize());
  const [y, u, v] = await frame.copyTo(bytes);
  if (!y || !u || !v) throw new TypeError('a plane is missing');
  return (atX, atY) => {
    const luma = bytes[y.offset + atY * y.stride + atX] ?? 0;
    const cb = bytes[u.offset + (atY >> 1) * u.stride + (atX >> 1)] ?? 0;
    const cr = bytes[v.offset + (atY >> 1) * v.stride + (atX >> 1)] ?? 0;
    return FILLS.some(
      ([fillY, fillU, fillV]) =>
        Math.abs(luma - fillY) <= TOLERANCE &&
        Math.abs(cb - fillU) <= TOLERANCE &&
        Math.abs(cr - fillV) <= TOLERANCE,
    );
  };
}

function shareOf(
  [x, y, w, h]: TruthBox,
  isFill: (x: number, y: number) => boolean,
  samples = 12,
): number {
  let filled = 0;
  for (let row = 0; row < samples; row++) {
    for (let column = 0; column < samples; column++) {
      const atX = Math.floor(x + ((column + 0.5) * w) / samples);
      const atY = Math.floor(y + ((row + 0.5) * h) / samples);
      if (isFill(atX, atY)) filled++;
    }
  }
  return filled / samples ** 2;
}
