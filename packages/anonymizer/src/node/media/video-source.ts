import { RawFrame } from '@drape/anonymizer/core';
import type { FormatContext, Frame, Stream } from 'node-av/lib';
import { AvFrameBuffer } from './av-frame-buffer.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { PictureConverter, isI420 } from './convert.ts';
import { openDecoder } from './decoder.ts';
import { recentFfmpegLines } from './ffmpeg-log.ts';
import { FramePool } from './frame-pool.ts';
import { MediaError, abortedError, asMediaError } from './media-error.ts';
import { openInput } from './open-input.ts';
import { PictureReader } from './picture-reader.ts';
import type { Picture } from './picture-reader.ts';
import { noVideo } from './probe.ts';
import { describeVideo, frameTicks } from './describe.ts';
import { chooseVideo } from './streams.ts';
import { TimestampRepair } from './timestamps.ts';
import { SourceStats, sourceWarnings } from './source-warnings.ts';
import type { MediaWarning, VideoInfo } from './video-info.ts';

/** Decoded pictures that wait for the caller: enough to overlap, bounded for 8K. */
const QUEUE_BYTES = 64 * 1024 * 1024;
const QUEUE_MAX_FRAMES = 8;

/**
 * A video file being decoded. Decoding runs ahead of the caller by a few frames. Dispose it in
 * every case; frames that were taken stay valid until they are closed.
 */
export interface VideoSource extends AsyncDisposable {
  readonly info: VideoInfo;
  /** What is known so far; complete once `frames()` has ended. */
  readonly warnings: readonly MediaWarning[];
  /**
   * The frames in presentation order, 8-bit 4:2:0, `ptsUs` strictly rising, `intact` false from
   * damage to the next keyframe. Can be read once. The caller closes every frame. A file that
   * ends early just ends, with a warning. Throws MediaError: aborted, failed.
   */
  frames(): AsyncIterable<RawFrame<AvFrameBuffer>>;
}

/**
 * Opens a video and decodes its first picture. `threads` are the decoder's (default 1).
 * Throws MediaError: not-found, unreadable, not-media, truncated, unsupported-container,
 * no-video, no-frames, unsupported-codec, too-large, aborted.
 */
export async function openVideoSource(
  path: string,
  options: { readonly signal?: AbortSignal; readonly threads?: number } = {},
): Promise<VideoSource> {
  const threads = options.threads ?? 1;
  const context = await openInput(path);
  let reader: PictureReader | undefined;
  try {
    const stream = chooseVideo(context);
    if (!stream) throw noVideo(path);
    reader = new PictureReader(context, stream, await openDecoder(path, stream, threads));
    const pictures = reader.pictures();
    const first = await firstPicture(path, pictures);
    const source = new FileSource({ path, context, stream, reader, threads }, first);
    source.start(pictures, options.signal);
    return source;
  } catch (error) {
    reader?.close();
    await context.closeInput();
    throw error;
  }
}

async function firstPicture(path: string, pictures: AsyncGenerator<Picture>): Promise<Picture> {
  const first = await pictures.next();
  if (first.done !== true) return first.value;
  throw new MediaError('no-frames', path, 'not one picture of its video can be decoded', {
    detail: await recentFfmpegLines(),
  });
}

interface SourceParts {
  readonly path: string;
  readonly context: FormatContext;
  readonly stream: Stream;
  readonly reader: PictureReader;
  readonly threads: number;
}

class FileSource implements VideoSource {
  readonly info: VideoInfo;
  readonly #parts: SourceParts;
  readonly #first: Picture;
  readonly #converter: PictureConverter;
  readonly #pool = new FramePool();
  readonly #queue: BoundedQueue<RawFrame<AvFrameBuffer>>;
  readonly #times: TimestampRepair;
  readonly #stats = new SourceStats();
  #signal: AbortSignal | undefined;
  #pump: Promise<void> = Promise.resolve();
  #taken = false;
  #disposed: Promise<void> | undefined;

  constructor(parts: SourceParts, first: Picture) {
    this.#parts = parts;
    this.#first = first;
    this.info = describeVideo(parts.path, parts, first.frame);
    this.#converter = new PictureConverter(parts.threads);
    this.#times = new TimestampRepair(this.info.timeBase, frameTicks(this.info));
    const frameBytes = this.info.widthPx * this.info.heightPx * 1.5;
    const limit = Math.floor(QUEUE_BYTES / frameBytes);
    this.#queue = new BoundedQueue(Math.max(1, Math.min(QUEUE_MAX_FRAMES, limit)), (frame) => {
      frame.close();
    });
  }

  get warnings(): readonly MediaWarning[] {
    return sourceWarnings(this.info, this.#stats);
  }

  start(pictures: AsyncGenerator<Picture>, signal: AbortSignal | undefined): void {
    this.#signal = signal;
    this.#pump = this.#run(pictures);
  }

  async *frames(): AsyncGenerator<RawFrame<AvFrameBuffer>> {
    if (this.#taken) throw new Error('frames() can be read once; open the file again');
    this.#taken = true;
    for (;;) {
      this.#checkAborted();
      const frame = await this.#queue.shift();
      if (!frame) return;
      yield frame;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    await this.#disposed;
  }

  async #dispose(): Promise<void> {
    this.#queue.close();
    await this.#pump;
    this.#parts.reader.close();
    this.#converter.close();
    this.#pool.close();
    await this.#parts.context.closeInput();
  }

  /** Decodes into the queue. Never rejects: the queue carries the error to `frames()`. */
  async #run(pictures: AsyncGenerator<Picture>): Promise<void> {
    try {
      let going = await this.#deliver(this.#first);
      while (going) {
        this.#checkAborted();
        const next = await pictures.next();
        if (next.done === true) break;
        going = await this.#deliver(next.value);
      }
      this.#countEnd();
      this.#queue.end();
    } catch (error) {
      this.#queue.fail(asMediaError(this.info.path, error));
    } finally {
      // Stops the reader where it stands, so that dispose can free what it uses.
      await pictures.return(undefined);
    }
  }

  /** Queues one picture. False once nobody takes frames any more. */
  async #deliver(picture: Picture): Promise<boolean> {
    const frame = await this.#toI420(picture.frame);
    const { timeBase } = this.info;
    const time = this.#times.next(frame.bestEffortTimestamp);
    frame.pts = time.pts;
    frame.timeBase = this.#parts.stream.timeBase;
    const info = {
      index: this.#stats.frames,
      ptsUs: time.ptsUs,
      widthPx: frame.width,
      heightPx: frame.height,
      rotationDeg: this.info.rotationDeg,
      intact: picture.intact,
    };
    this.#stats.count(info, this.info);
    return this.#queue.push(
      new RawFrame(info, new AvFrameBuffer(frame, { timeBase, pool: this.#pool })),
    );
  }

  async #toI420(frame: Frame): Promise<Frame> {
    if (isI420(frame)) return frame;
    const converted = await this.#converter.toI420(frame);
    frame.free();
    if (converted) return converted;
    throw new MediaError('failed', this.info.path, "its pictures can't be converted to 4:2:0", {
      detail: await recentFfmpegLines(),
    });
  }

  #countEnd(): void {
    const { reader } = this.#parts;
    this.#stats.repairedTimes = this.#times.repaired;
    this.#stats.missing = reader.refused + reader.skipped;
    this.#stats.packets = reader.packets;
    this.#stats.readFailed = reader.readFailed;
    this.#stats.ended = true;
  }

  #checkAborted(): void {
    if (this.#signal?.aborted) throw abortedError(this.info.path, this.#signal);
  }
}
