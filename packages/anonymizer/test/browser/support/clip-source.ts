/** A clip as single JPEG pictures below one address, `000000.jpg` and on. */
export interface Clip {
  readonly url: string;
  readonly frames: number;
  readonly fps: number;
  /** Plays so many times slower than its timestamps say; 1 is real time. */
  readonly slow: number;
}

/** Time of a clip's first frame: timestamps tell frames apart on both sides. */
const START_US = 1_000_000;

export function indexOfFrame(timestampUs: number, { fps }: Clip): number {
  return Math.round(((timestampUs - START_US) * fps) / 1e6);
}

interface Generator extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>;
}
type GeneratorClass = new (init: { kind: 'video' }) => Generator;

/**
 * Plays a clip once as a camera would: frames come at their time whether or not anybody is ready,
 * and their timestamp says which they are.
 */
export function clipSource(clip: Clip): { track: MediaStreamTrack; play: () => Promise<void> } {
  const Track = (globalThis as unknown as { MediaStreamTrackGenerator: GeneratorClass })
    .MediaStreamTrackGenerator;
  const track = new Track({ kind: 'video' });
  const writer = track.writable.getWriter();
  const pictureAt = async (index: number): Promise<ImageBitmap> => {
    const response = await fetch(`${clip.url}${String(index).padStart(6, '0')}.jpg`);
    return createImageBitmap(await response.blob());
  };
  return {
    track,
    async play() {
      // Decoded a little ahead, so that pictures are there when their time comes.
      const ahead: Promise<ImageBitmap>[] = [];
      const startMs = performance.now();
      for (let index = 0; index < clip.frames; index++) {
        for (let next = index + ahead.length; ahead.length < 6 && next < clip.frames; next++) {
          ahead.push(pictureAt(next));
        }
        const bitmap = await ahead.shift();
        if (!bitmap) return;
        const waitMs = startMs + (1000 * clip.slow * index) / clip.fps - performance.now();
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
        const timestamp = START_US + Math.round((index * 1e6) / clip.fps);
        const frame = new VideoFrame(bitmap, { timestamp, alpha: 'discard' });
        bitmap.close();
        await writer.write(frame);
      }
    },
  };
}
