import { rm } from 'node:fs/promises';
import { AVERROR_EAGAIN, AVERROR_EOF, AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import { FFmpegError, Packet, Rational } from 'node-av/lib';
import type { CodecContext, Stream } from 'node-av/lib';
import type { AvFrameBuffer } from './av-frame-buffer.ts';
import { AudioCarrier } from './audio-carrier.ts';
import type { OutputContainer } from './containers.ts';
import { openEncoder } from './encoder.ts';
import { recentFfmpegLines } from './ffmpeg-log.ts';
import { MediaError } from './media-error.ts';
import { Muxer } from './muxer.ts';
import { OutputPicture } from './output-picture.ts';
import { OutputTimes } from './output-times.ts';
import { displayMatrixBytes } from './rotation.ts';
import { SeiFilter } from './sei-filter.ts';
import { ticksToUs } from './ticks.ts';
import type { MediaWarning, VideoInfo } from './video-info.ts';
import type { VideoSinkOptions } from './video-sink.ts';

/** MPEG-TS can't hold times below 0, where B pictures of a stream that starts at 0 are decoded. */
const TS_REORDER_ROOM_US = 1_000_000;
/** The movie's clock in mp4 is a signed 32-bit number of ticks a second. */
const MAX_MOVIE_TIMESCALE = 1_000_000;

/** Encodes frames one after the other into a file. */
export class VideoWriter {
  readonly #muxer: Muxer;
  readonly #picture: OutputPicture;
  readonly #times: OutputTimes;
  readonly #packet = new Packet();
  readonly #encoder: CodecContext;
  readonly #stream: Stream;
  readonly #sei: SeiFilter | undefined;
  readonly #audio: AudioCarrier | undefined;

  private constructor(muxer: Muxer, parts: WriterParts) {
    this.#muxer = muxer;
    this.#picture = parts.picture;
    this.#times = parts.times;
    this.#encoder = parts.encoder;
    this.#stream = parts.stream;
    this.#sei = parts.sei;
    this.#audio = parts.audio;
    this.#packet.alloc();
  }

  static async open(
    path: string,
    container: OutputContainer,
    options: VideoSinkOptions,
  ): Promise<VideoWriter> {
    const { info } = options;
    const muxer = await Muxer.create(path, container);
    const picture = new OutputPicture(info, container, options.threads);
    const times = new OutputTimes(info, container);
    let encoder: CodecContext | undefined;
    let sei: SeiFilter | undefined;
    let audio: AudioCarrier | undefined;
    try {
      encoder = await openEncoder({
        ...picture.coded,
        path,
        codec: container.codec,
        info,
        sampleAspect: picture.sampleAspect,
        timeBase: times.timeBase,
        preset: options.preset,
        crf: options.crf,
        threads: options.threads,
        globalHeader: muxer.wantsGlobalHeader,
        bFrames: allowsBFrames(container, info),
      });
      const stream = muxer.addStream(times.timeBase);
      stream.codecpar.fromContext(encoder);
      if (container.codec === 'h264') sei = new SeiFilter(encoder, stream);
      describeStream(stream, container, { info, picture });
      if (options.audio === 'keep') audio = await AudioCarrier.open(info.path, muxer);
      await muxer.writeHeader(headerOptions(container, info));
      return new VideoWriter(muxer, { picture, times, encoder, stream, sei, audio });
    } catch (error) {
      encoder?.freeContext();
      sei?.close();
      picture.close();
      await audio?.close();
      await muxer.close();
      await rm(path, { force: true });
      throw error;
    }
  }

  get warnings(): readonly MediaWarning[] {
    const warnings: MediaWarning[] = [];
    if (this.#times.inexact) {
      warnings.push({
        code: 'not-carried',
        message: 'avi holds no time of its own for a frame: times were moved to its frame rate',
      });
    }
    if (this.#audio && this.#audio.dropped > 0) {
      warnings.push({
        code: 'not-carried',
        message: `${this.#audio.dropped} audio streams are coded in a way that is not read`,
      });
    }
    return warnings;
  }

  /** Encodes one picture. `buffer` stays the caller's and is not needed afterwards. */
  async write(buffer: AvFrameBuffer): Promise<void> {
    const painted = buffer.frame;
    const time = this.#times.next(painted.pts, painted.duration);
    const frame = await this.#picture.prepare(painted);
    try {
      frame.pts = time.pts;
      frame.duration = time.duration;
      await this.#encode(frame);
    } finally {
      if (frame !== painted) frame.free();
    }
  }

  /** Writes out what the encoder still holds and completes the file. */
  async finish(): Promise<void> {
    await this.#encode(null);
    await this.#audio?.finish(this.#times.originUs);
    await this.#muxer.writeTrailer();
  }

  async close(): Promise<void> {
    this.#packet.free();
    this.#encoder.freeContext();
    this.#sei?.close();
    this.#picture.close();
    await this.#audio?.close();
    await this.#muxer.close();
  }

  async #encode(frame: Parameters<CodecContext['sendFrame']>[0]): Promise<void> {
    const sent = await this.#encoder.sendFrame(frame);
    if (sent < 0) throw await this.#encodeError(sent);
    for (;;) {
      const code = await this.#encoder.receivePacket(this.#packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      if (code < 0) throw await this.#encodeError(code);
      if (this.#sei && !this.#sei.apply(this.#packet)) continue;
      const us = ticksToUs(this.#packet.dts, this.#times.timeBase);
      await this.#audio?.writeUntil(us, this.#times.originUs);
      await this.#muxer.write(this.#packet, this.#stream, this.#times.timeBase);
    }
  }

  async #encodeError(code: number): Promise<MediaError> {
    return new MediaError('failed', this.#muxer.path, 'the encoder failed', {
      detail: await recentFfmpegLines(),
      cause: FFmpegError.fromCode(code),
    });
  }
}

interface WriterParts {
  readonly picture: OutputPicture;
  readonly times: OutputTimes;
  readonly encoder: CodecContext;
  readonly stream: Stream;
  readonly sei: SeiFilter | undefined;
  readonly audio: AudioCarrier | undefined;
}

function allowsBFrames(container: OutputContainer, info: VideoInfo): boolean {
  // AVI has no decoding order of its own: its frames are shown as they are stored.
  if (container.muxer === 'avi') return false;
  return container.muxer !== 'mpegts' || info.startUs >= TS_REORDER_ROOM_US;
}

function describeStream(
  stream: Stream,
  container: OutputContainer,
  source: { readonly info: VideoInfo; readonly picture: OutputPicture },
): void {
  const { info, picture } = source;
  if (info.averageFrameRate) {
    stream.avgFrameRate = new Rational(info.averageFrameRate.num, info.averageFrameRate.den);
  }
  if (picture.sampleAspect) {
    const { num, den } = picture.sampleAspect;
    stream.sampleAspectRatio = new Rational(num, den);
    stream.codecpar.sampleAspectRatio = new Rational(num, den);
  }
  if (container.carriesRotation && info.displayMatrix) {
    stream.codecpar.addCodedSideData(
      AV_PKT_DATA_DISPLAYMATRIX,
      displayMatrixBytes(info.displayMatrix),
    );
  }
}

function headerOptions(container: OutputContainer, info: VideoInfo): Record<string, string> {
  if (container.muxer !== 'mp4' && container.muxer !== 'mov') return {};
  // Edit lists hold the start offset in the movie's clock: 1/1000 s unless told otherwise.
  const { den } = info.timeBase;
  return den <= MAX_MOVIE_TIMESCALE ? { movie_timescale: String(den) } : {};
}
