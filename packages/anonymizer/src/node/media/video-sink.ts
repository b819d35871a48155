import { rm } from 'node:fs/promises';
import { AnonymizedFrame } from '@drape/anonymizer/core';
import type { AvFrameBuffer } from './av-frame-buffer.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { containerFor } from './containers.ts';
import type { EncoderPreset } from './encoder.ts';
import { MediaError, abortedError, asMediaError } from './media-error.ts';
import type { MediaWarning, VideoInfo } from './video-info.ts';
import { VideoWriter } from './video-writer.ts';

/** Painted frames that wait for the encoder. */
const QUEUE_BYTES = 64 * 1024 * 1024;
const QUEUE_MAX_FRAMES = 4;

export interface VideoSinkOptions {
  /** The source's; decides size, clock, colour, rotation and aspect of the output. */
  readonly info: VideoInfo;
  readonly preset: EncoderPreset;
  /** Quality on x264's scale, 0..51, lower is better; 23 where undefined. */
  readonly crf?: number | undefined;
  /** `keep` copies the sound of `info.path`; it is transcoded where the container needs that. */
  readonly audio: 'drop' | 'keep';
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

/** A video file being written. End it with `finish` or `abort`. */
export interface VideoSink {
  /** What the output could not carry; complete after `finish`. */
  readonly warnings: readonly MediaWarning[];
  /**
   * Takes over one frame and closes it. Encoding runs behind: await it before the next frame,
   * the wait is the backpressure. Throws MediaError: aborted, disk-full, unwritable, failed;
   * TypeError for anything that is not an AnonymizedFrame.
   */
  write(frame: AnonymizedFrame<AvFrameBuffer>): Promise<void>;
  /** Writes out what is still being encoded and closes the file. Throws as `write` does. */
  finish(): Promise<void>;
  /** Closes and deletes the file. Idempotent. */
  abort(): Promise<void>;
}

/**
 * Creates a video file, its container by extension: mp4, m4v, mov, mkv, avi, ts → H.264,
 * webm → VP9. No metadata of the source is written. Throws MediaError: unsupported-container,
 * unwritable, disk-full, failed.
 */
export async function openVideoSink(path: string, options: VideoSinkOptions): Promise<VideoSink> {
  const writer = await VideoWriter.open(path, containerFor(path), options);
  return new FileSink(path, writer, options);
}

class FileSink implements VideoSink {
  readonly #path: string;
  readonly #writer: VideoWriter;
  readonly #signal: AbortSignal | undefined;
  readonly #queue: BoundedQueue<AnonymizedFrame<AvFrameBuffer>>;
  readonly #done: Promise<void>;
  #failure: { readonly error: MediaError } | undefined;
  #frames = 0;
  #closed: Promise<void> | undefined;

  constructor(path: string, writer: VideoWriter, options: VideoSinkOptions) {
    this.#path = path;
    this.#writer = writer;
    this.#signal = options.signal;
    const frameBytes = options.info.widthPx * options.info.heightPx * 1.5;
    const limit = Math.floor(QUEUE_BYTES / frameBytes);
    this.#queue = new BoundedQueue(Math.max(1, Math.min(QUEUE_MAX_FRAMES, limit)), (frame) => {
      frame.close();
    });
    this.#done = this.#run();
  }

  get warnings(): readonly MediaWarning[] {
    return this.#writer.warnings;
  }

  async write(frame: AnonymizedFrame<AvFrameBuffer>): Promise<void> {
    if (!AnonymizedFrame.isSealed(frame)) {
      throw new TypeError('a sink takes only frames that the pipeline has anonymized');
    }
    if (this.#signal?.aborted) {
      frame.close();
      throw abortedError(this.#path, this.#signal);
    }
    this.#frames += 1;
    const taken = await this.#queue.push(frame);
    this.#throwFailure();
    if (!taken) throw new Error(`${this.#path} is closed: no more frames can be written`);
  }

  async finish(): Promise<void> {
    this.#queue.end();
    await this.#done;
    this.#throwFailure();
    if (this.#signal?.aborted) throw abortedError(this.#path, this.#signal);
    if (this.#frames === 0) throw new MediaError('no-frames', this.#path, 'got no frame to write');
    await this.#writer.finish();
    await this.#close();
  }

  async abort(): Promise<void> {
    this.#queue.close();
    await this.#done;
    await this.#close();
    await rm(this.#path, { force: true });
  }

  /** Encodes what is queued. Never rejects: the failure is thrown by the caller's next call. */
  async #run(): Promise<void> {
    try {
      for (let frame = await this.#queue.shift(); frame; frame = await this.#queue.shift()) {
        try {
          await this.#writer.write(frame.buffer);
        } finally {
          frame.close();
        }
      }
    } catch (error) {
      this.#failure = { error: asMediaError(this.#path, error) };
      this.#queue.close();
    }
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }

  async #close(): Promise<void> {
    this.#closed ??= this.#writer.close();
    await this.#closed;
  }
}
