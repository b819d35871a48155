import { openVideoSource } from '@drape/anonymizer/node';
import { AVERROR_EAGAIN, AVERROR_EOF, AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { FF_ENCODER_LIBX264, SWS_BILINEAR } from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Frame, Packet, Rational } from 'node-av/lib';
import { SoftwareScaleContext } from 'node-av/lib';
import { BenchError } from '../errors.ts';

export interface CodedClipOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Frames to code, from `fromFrame` on; fewer where the clip ends. */
  readonly frames: number;
  readonly fromFrame?: number;
  readonly keyframeEvery: number;
  readonly bitrateBps: number;
}

const check = (code: number, what: string): void => {
  FFmpegError.throwIfError(code, what);
};

/**
 * A clip as a browser would send it: H.264 baseline without B pictures, Annex B, one entry for
 * each frame. Kept in memory, so that a sender costs next to nothing.
 */
export async function codeClip(path: string, options: CodedClipOptions): Promise<Uint8Array[]> {
  const { widthPx, heightPx, frames, fromFrame = 0 } = options;
  const encoder = await openEncoder(options);
  const packet = new Packet();
  packet.alloc();
  const coded: Uint8Array[] = [];
  const encode = async (frame: Frame | null): Promise<void> => {
    check(await encoder.sendFrame(frame), 'encode');
    for (;;) {
      const got = await encoder.receivePacket(packet);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return;
      check(got, 'encode');
      if (packet.data) coded.push(Uint8Array.from(packet.data));
      packet.unref();
    }
  };
  await using source = await openVideoSource(path, { threads: 2 });
  const scaler = new SoftwareScaleContext();
  scaler.getContext(
    source.info.widthPx,
    source.info.heightPx,
    AV_PIX_FMT_YUV420P,
    widthPx,
    heightPx,
    AV_PIX_FMT_YUV420P,
    SWS_BILINEAR,
  );
  for await (const raw of source.frames()) {
    const { index } = raw.info;
    if (index < fromFrame) {
      raw.close();
      continue;
    }
    const buffer = raw.take();
    const scaled = new Frame();
    scaled.alloc();
    scaled.width = widthPx;
    scaled.height = heightPx;
    scaled.format = AV_PIX_FMT_YUV420P;
    check(scaled.getBuffer(0), 'frame buffer');
    check(await scaler.scaleFrame(scaled, buffer.frame), 'scale');
    scaled.pts = BigInt(index - fromFrame);
    await encode(scaled);
    scaled.free();
    buffer.close();
    if (index - fromFrame + 1 >= frames) break;
  }
  await encode(null);
  scaler.freeContext();
  packet.free();
  encoder.freeContext();
  if (coded.length === 0) throw new BenchError('data-missing', `${path} has no frame ${fromFrame}`);
  return coded;
}

async function openEncoder(options: CodedClipOptions): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = options.widthPx;
  context.height = options.heightPx;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(1, 30);
  context.framerate = new Rational(30, 1);
  context.gopSize = options.keyframeEvery;
  context.maxBFrames = 0;
  context.threadCount = 2;
  context.bitRate = BigInt(options.bitrateBps);
  context.rcMaxRate = BigInt(options.bitrateBps);
  context.rcBufferSize = options.bitrateBps;
  for (const [name, value] of Object.entries({
    preset: 'superfast',
    tune: 'zerolatency',
    profile: 'baseline',
  })) {
    context.setOption(name, value);
  }
  check(await context.open2(codec, null), 'open x264');
  return context;
}
