import { availableParallelism } from 'node:os';
import { AnonymizedFrame } from '@drape/anonymizer/core';
import {
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AV_FRAME_FLAG_KEY,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import type { AVFrameSideDataType } from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Packet, Rational } from 'node-av/lib';
import type { Frame } from 'node-av/lib';
import type { AvFrameBuffer } from '../media/av-frame-buffer.ts';
import { extendEdges, newI420, place } from '../media/compose.ts';
import { captureFfmpegLog } from '../media/ffmpeg-log.ts';
import { MICROSECONDS } from '../media/ticks.ts';
import { FEW_CORES } from './few-cores.ts';
import { LiveError } from './live-error.ts';

/** Above the highest AVFrameSideDataType of FFmpeg 8. */
const SIDE_DATA_TYPES = 64;
/** Larger pictures are coded with the fastest preset: detectors need the cores as well. */
const FAST_PX = availableParallelism() > FEW_CORES ? 1280 * 720 : 640 * 480;
/** Keyframes come on demand; this bounds what a lost one costs where nobody can ask. */
const KEYFRAME_EVERY = 300;
const CRF = 23;
/** The rate is kept over this time: a keyframe may take most of it at once. */
const RATE_WINDOW_S = 0.5;

export interface EncodedPicture {
  /** Annex B, H.264 baseline; SPS and PPS come before each keyframe. */
  readonly data: Uint8Array;
  readonly ptsUs: number;
  readonly isKey: boolean;
}

/**
 * Encodes anonymized frames with x264: no B pictures, no look-ahead, one picture out for each
 * one in. Starts anew, with a keyframe, when the size changes. Calls must not overlap.
 */
export class LiveEncoder {
  readonly #threads: number;
  readonly #packet = new Packet();
  #maxBitrateBps: number;
  #context: CodecContext | undefined;
  #size = '';
  #wantsKey = true;

  constructor(options: { readonly maxBitrateBps: number; readonly threads: number }) {
    this.#threads = options.threads;
    this.#maxBitrateBps = options.maxBitrateBps;
    this.#packet.alloc();
    captureFfmpegLog();
  }

  /** The next picture will be a keyframe. */
  forceKeyframe(): void {
    this.#wantsKey = true;
  }

  /** Takes effect with the next picture. Bits per second. */
  setMaxBitrate(bps: number): void {
    this.#maxBitrateBps = bps;
    if (this.#context) limitRate(this.#context, bps);
  }

  /**
   * Encodes a frame, which stays the caller's. Throws TypeError for a frame that no pipeline
   * made, LiveError `codec` or `encode` where x264 fails.
   */
  async encode(frame: AnonymizedFrame<AvFrameBuffer>): Promise<EncodedPicture[]> {
    if (!AnonymizedFrame.isSealed(frame)) {
      throw new TypeError('an encoder takes only frames that the pipeline has anonymized');
    }
    const painted = frame.buffer.frame;
    const context = await this.#contextFor(painted);
    const even = evenSized(painted);
    try {
      for (let type = 0; type < SIDE_DATA_TYPES; type += 1) {
        even.removeSideData(type as AVFrameSideDataType);
      }
      even.clearFlags(AV_FRAME_FLAG_KEY);
      even.pictType = this.#wantsKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
      even.format = AV_PIX_FMT_YUV420P;
      even.pts = BigInt(frame.info.ptsUs);
      const sent = await context.sendFrame(even);
      if (sent < 0) throw encodeError(sent);
      this.#wantsKey = false;
      return this.#take(context);
    } finally {
      if (even !== painted) even.free();
    }
  }

  /** Idempotent. Not while `encode` is under way. */
  close(): void {
    this.#context?.freeContext();
    this.#context = undefined;
    this.#packet.free();
  }

  /** Here, not in another thread: x264 did its work in sendFrame(). */
  #take(context: CodecContext): EncodedPicture[] {
    const pictures: EncodedPicture[] = [];
    for (;;) {
      const code = context.receivePacketSync(this.#packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return pictures;
      if (code < 0) throw encodeError(code);
      const { data, pts, isKeyframe } = this.#packet;
      if (data)
        pictures.push({ data: Uint8Array.from(data), ptsUs: Number(pts), isKey: isKeyframe });
      this.#packet.unref();
    }
  }

  async #contextFor(painted: Frame): Promise<CodecContext> {
    const { width, height, colorRange, colorSpace } = painted;
    const size = `${width}x${height} ${colorRange} ${colorSpace}`;
    if (this.#context && this.#size === size) return this.#context;
    this.#context?.freeContext();
    this.#context = undefined;
    this.#size = size;
    this.#wantsKey = true;
    this.#context = await openX264(painted, this.#maxBitrateBps, this.#threads);
    return this.#context;
  }
}

async function openX264(
  like: Frame,
  maxBitrateBps: number,
  threads: number,
): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (!codec) throw new LiveError('codec', 'no H.264 encoder is built in');
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = like.width + (like.width % 2);
  context.height = like.height + (like.height % 2);
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(MICROSECONDS.num, MICROSECONDS.den);
  context.framerate = new Rational(30, 1);
  context.colorRange = like.colorRange;
  context.colorPrimaries = like.colorPrimaries;
  context.colorTrc = like.colorTrc;
  context.colorSpace = like.colorSpace;
  context.threadCount = threads;
  context.gopSize = KEYFRAME_EVERY;
  context.maxBFrames = 0;
  limitRate(context, maxBitrateBps);
  const settings: Readonly<Record<string, string>> = {
    preset: like.width * like.height > FAST_PX ? 'ultrafast' : 'superfast',
    tune: 'zerolatency',
    profile: 'baseline',
    crf: String(CRF),
    'forced-idr': '1',
    sc_threshold: '0',
    // Nothing of the source but its pixels reaches the output.
    a53cc: '0',
    udu_sei: '0',
  };
  for (const [name, value] of Object.entries(settings)) context.setOption(name, value);
  // Not open2Sync with a dictionary: node-av 6.1.1 frees it twice.
  const opened = await context.open2(codec, null);
  if (opened >= 0) return context;
  context.freeContext();
  const cause = FFmpegError.fromCode(opened);
  throw new LiveError('codec', `x264 refuses pictures of ${like.width}x${like.height}`, { cause });
}

/** FFmpeg hands a changed limit to x264 with the next picture. */
function limitRate(context: CodecContext, bps: number): void {
  context.rcMaxRate = BigInt(Math.round(bps));
  context.rcBufferSize = Math.round(bps * RATE_WINDOW_S);
}

/** The frame itself, or a new one with its last column and row repeated. */
function evenSized(frame: Frame): Frame {
  const { width, height } = frame;
  if (width % 2 === 0 && height % 2 === 0) return frame;
  const padded = newI420(frame, width + (width % 2), height + (height % 2));
  place(padded, frame);
  extendEdges(padded, width, height);
  return padded;
}

function encodeError(code: number): LiveError {
  return new LiveError('encode', 'x264 failed', { cause: FFmpegError.fromCode(code) });
}
