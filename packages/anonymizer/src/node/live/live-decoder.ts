import { RawFrame } from '@drape/anonymizer/core';
import {
  AV_CODEC_FLAG_LOW_DELAY,
  AV_CODEC_FLAG_OUTPUT_CORRUPT,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_VP8,
  AV_FRAME_FLAG_CORRUPT,
  AV_FRAME_FLAG_KEY,
  AV_PICTURE_TYPE_I,
  AV_PKT_FLAG_KEY,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';
import { AvFrameBuffer } from '../media/av-frame-buffer.ts';
import { PictureConverter, isI420 } from '../media/convert.ts';
import { DamageTracker } from '../media/damage.ts';
import { isPause, MAX_SIDE_PX } from '../media/decoder.ts';
import { captureFfmpegLog } from '../media/ffmpeg-log.ts';
import { FramePool } from '../media/frame-pool.ts';
import type { TimeBase } from '../media/ticks.ts';
import { ticksToUs } from '../media/ticks.ts';
import { LiveError } from './live-error.ts';

/** One coded picture as it came off the network: Annex B for H.264, the bare frame for VP8. */
export interface CodedUnit {
  readonly data: Uint8Array;
  /** Ticks of the decoder's clock, rising. */
  readonly pts: bigint;
  readonly isKey: boolean;
  /** Something before this unit is missing: what follows can't be trusted until a keyframe. */
  readonly lostBefore: boolean;
}

export type LiveCodec = 'h264' | 'vp8';

/** Decodes live video, one picture out for each one in, without waiting for later ones. */
export class LiveDecoder {
  readonly #context: CodecContext;
  readonly #timeBase: TimeBase;
  readonly #packet = new Packet();
  readonly #tracker = new DamageTracker<Frame>(false);
  readonly #pool = new FramePool();
  readonly #converter = new PictureConverter(1);
  #frames = 0;
  #lastUs = -Infinity;
  #trusted = false;

  private constructor(context: CodecContext, timeBase: TimeBase) {
    this.#context = context;
    this.#timeBase = timeBase;
    this.#packet.alloc();
  }

  /** Throws LiveError `codec`. `timeBase`: the clock of `CodedUnit.pts`. */
  static async open(
    codec: LiveCodec,
    options: { readonly timeBase: TimeBase; readonly threads: number },
  ): Promise<LiveDecoder> {
    captureFfmpegLog();
    const decoder = Codec.findDecoder(codec === 'h264' ? AV_CODEC_ID_H264 : AV_CODEC_ID_VP8);
    if (!decoder) throw new LiveError('codec', `no ${codec} decoder is built in`);
    const context = new CodecContext();
    context.allocContext3(decoder);
    context.threadCount = options.threads;
    context.pktTimebase = new Rational(options.timeBase.num, options.timeBase.den);
    context.setFlags(AV_CODEC_FLAG_LOW_DELAY, AV_CODEC_FLAG_OUTPUT_CORRUPT);
    context.setOption('err_detect', 'crccheck+bitstream+buffer');
    context.setOption('max_pixels', String(MAX_SIDE_PX * MAX_SIDE_PX));
    // Frames in several threads would each wait for the next ones.
    context.setOption('thread_type', 'slice');
    const opened = await context.open2(decoder, null);
    if (opened >= 0) return new LiveDecoder(context, options.timeBase);
    context.freeContext();
    throw new LiveError('codec', `the ${codec} decoder can't be opened`);
  }

  /** True where the last picture could be trusted: false before the first keyframe. */
  get trusted(): boolean {
    return this.#trusted;
  }

  /**
   * Decodes one unit; the caller closes the frames. What the decoder refuses gives no frame and
   * makes all that follows untrusted, which is `intact: false`. Calls must not overlap.
   */
  async decode(unit: CodedUnit): Promise<RawFrame<AvFrameBuffer>[]> {
    if (unit.lostBefore) this.#lost();
    const packet = this.#packet;
    packet.data = Buffer.from(unit.data.buffer, unit.data.byteOffset, unit.data.byteLength);
    packet.pts = unit.pts;
    packet.dts = unit.pts;
    packet.flags = unit.isKey ? AV_PKT_FLAG_KEY : (0 as typeof packet.flags);
    this.#tracker.sent(unit.pts, unit.isKey);
    try {
      const sent = await this.#context.sendPacket(packet);
      if (sent < 0) this.#lost();
    } finally {
      packet.unref();
    }
    const frames: RawFrame<AvFrameBuffer>[] = [];
    for (;;) {
      const frame = new Frame();
      frame.alloc();
      // The work was done in sendPacket(): another trip to a thread would wait behind the detectors.
      const code = this.#context.receiveFrameSync(frame);
      if (code < 0) {
        frame.free();
        if (!isPause(code)) this.#lost();
        return frames;
      }
      this.#tracker.arrived(frame, {
        pts: frame.pts,
        damaged: frame.decodeErrorFlags !== 0 || frame.hasFlags(AV_FRAME_FLAG_CORRUPT),
        cleanStart: frame.hasFlags(AV_FRAME_FLAG_KEY) && frame.pictType === AV_PICTURE_TYPE_I,
      });
      for (const { item, intact } of this.#tracker.ready()) {
        const raw = await this.#raw(item, intact);
        if (raw) frames.push(raw);
      }
    }
  }

  /** Frees the decoder; frames that it gave stay valid. Not while `decode` is under way. */
  close(): void {
    for (const { item } of this.#tracker.ready(true)) item.free();
    this.#packet.free();
    this.#context.freeContext();
    this.#converter.close();
    this.#pool.close();
  }

  #lost(): void {
    this.#tracker.lost();
    this.#trusted = false;
  }

  async #raw(decoded: Frame, intact: boolean): Promise<RawFrame<AvFrameBuffer> | undefined> {
    const frame = isI420(decoded) ? decoded : await this.#converter.toI420(decoded);
    if (frame !== decoded) decoded.free();
    if (!frame) {
      this.#lost();
      return undefined;
    }
    const ptsUs = ticksToUs(frame.pts, this.#timeBase);
    // A picture that is shown before one that left already has no place any more.
    if (ptsUs <= this.#lastUs) {
      frame.free();
      return undefined;
    }
    this.#lastUs = ptsUs;
    this.#trusted = intact;
    const info = {
      index: this.#frames++,
      ptsUs,
      widthPx: frame.width,
      heightPx: frame.height,
      rotationDeg: 0,
      intact,
    } as const;
    return new RawFrame(
      info,
      new AvFrameBuffer(frame, { timeBase: this.#timeBase, pool: this.#pool }),
    );
  }
}
