import {
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
} from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Packet, Rational } from 'node-av/lib';
import type { Frame } from 'node-av/lib';

export type SourceCodec = 'h264' | 'vp8';

const SETTINGS: Readonly<Record<SourceCodec, Readonly<Record<string, string>>>> = {
  h264: { preset: 'ultrafast', tune: 'zerolatency', profile: 'baseline', 'forced-idr': '1' },
  vp8: { deadline: 'realtime', 'cpu-used': '8', 'lag-in-frames': '0' },
};

/** Codes pictures as a browser would: no reordering, keyframes on demand. */
export class PictureEncoder {
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  #count = 0;
  #wantsKey = true;

  private constructor() {
    this.#packet.alloc();
  }

  static async open(
    codec: SourceCodec,
    size: { readonly widthPx: number; readonly heightPx: number },
  ): Promise<PictureEncoder> {
    const encoder = new PictureEncoder();
    const found = Codec.findEncoderByName((codec === 'h264' ? 'libx264' : 'libvpx') as never);
    const context = encoder.#context;
    context.allocContext3(found);
    context.width = size.widthPx;
    context.height = size.heightPx;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = new Rational(1, 30);
    context.gopSize = 3000;
    context.maxBFrames = 0;
    context.threadCount = 1;
    context.bitRate = 1_500_000n;
    for (const [name, value] of Object.entries(SETTINGS[codec])) context.setOption(name, value);
    FFmpegError.throwIfError(await context.open2(found, null), `open ${codec}`);
    return encoder;
  }

  keyframe(): void {
    this.#wantsKey = true;
  }

  /** Takes the frame over. */
  async encode(frame: Frame): Promise<Uint8Array> {
    frame.pts = BigInt(this.#count++);
    frame.pictType = this.#wantsKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    this.#wantsKey = false;
    FFmpegError.throwIfError(await this.#context.sendFrame(frame), 'encode');
    frame.free();
    const parts: Uint8Array[] = [];
    for (;;) {
      const code = await this.#context.receivePacket(this.#packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) break;
      FFmpegError.throwIfError(code, 'encode');
      if (this.#packet.data) parts.push(Uint8Array.from(this.#packet.data));
      this.#packet.unref();
    }
    return Uint8Array.from(parts.flatMap((part) => [...part]));
  }

  close(): void {
    this.#packet.free();
    this.#context.freeContext();
  }
}
