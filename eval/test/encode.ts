import type { I420Planes } from '@drape/anonymizer/core';
import {
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AV_CODEC_FLAG_FRAME_DURATION,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  Rational,
} from 'node-av/lib';

/** Times are milliseconds; every frame has the size and colours of the first. */
export interface TimedPlanes {
  readonly atMs: number;
  readonly planes: I420Planes;
}

const LAST_MS = 40;

const check = (code: number, what: string): void => {
  FFmpegError.throwIfError(code, what);
};

function fillFrame(frame: Frame, planes: I420Planes): void {
  const [y, u, v] = frame.data ?? [];
  const [strideY = 0, strideU = 0, strideV = 0] = frame.linesize;
  const half = { width: Math.ceil(planes.widthPx / 2), height: Math.ceil(planes.heightPx / 2) };
  const copy = (
    from: { data: Uint8Array; stride: number },
    to: { data: Buffer | undefined; stride: number },
    size: { width: number; height: number },
  ): void => {
    for (let row = 0; row < size.height; row++) {
      const start = row * from.stride;
      to.data?.set(from.data.subarray(start, start + size.width), row * to.stride);
    }
  };
  const full = { width: planes.widthPx, height: planes.heightPx };
  copy({ data: planes.y, stride: planes.strideY }, { data: y, stride: strideY }, full);
  copy({ data: planes.u, stride: planes.strideU }, { data: u, stride: strideU }, half);
  copy({ data: planes.v, stride: planes.strideV }, { data: v, stride: strideV }, half);
}

/** Encodes drawn frames with x264 into a file whose container has a 1 ms tick (mkv) or its own. */
export async function encode(
  path: string,
  frames: readonly TimedPlanes[],
  options: { readonly preset: string; readonly crf: number },
): Promise<void> {
  const first = frames[0]?.planes;
  Log.setLevel(AV_LOG_ERROR);
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (!first || !codec) throw new Error('encode() needs a frame and x264');
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = first.widthPx;
  context.height = first.heightPx;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(1, 1000);
  context.colorSpace = first.matrix === 'bt709' ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  context.colorRange = first.fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  context.threadCount = 1;
  // MP4 loses the last frame of a stream whose frames do not say how long they last.
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_FRAME_DURATION);
  context.setOption('preset', options.preset);
  context.setOption('crf', String(options.crf));
  check(await context.open2(codec, null), 'open x264');
  const output = new FormatContext();
  check(output.allocOutputContext2(null, null, path), 'allocate output');
  const stream = output.newStream(null);
  stream.timeBase = context.timeBase;
  check(stream.codecpar.fromContext(context), 'parameters');
  check(await output.openOutput(), 'open output');
  check(await output.writeHeader(null), 'write header');
  const packet = new Packet();
  packet.alloc();
  const drain = async (): Promise<void> => {
    for (;;) {
      const got = await context.receivePacket(packet);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return;
      check(got, 'receive packet');
      packet.streamIndex = stream.index;
      packet.rescaleTs(context.timeBase, stream.timeBase);
      check(await output.interleavedWriteFrame(packet), 'write packet');
    }
  };
  for (const [at, { atMs, planes }] of frames.entries()) {
    const frame = new Frame();
    frame.alloc();
    frame.width = planes.widthPx;
    frame.height = planes.heightPx;
    frame.format = AV_PIX_FMT_YUV420P;
    check(frame.getBuffer(0), 'frame buffer');
    fillFrame(frame, planes);
    frame.pts = BigInt(atMs);
    frame.duration = BigInt((frames[at + 1]?.atMs ?? atMs + LAST_MS) - atMs);
    check(await context.sendFrame(frame), 'send frame');
    frame.free();
    await drain();
  }
  check(await context.sendFrame(null), 'flush');
  await drain();
  check(await output.writeTrailer(), 'write trailer');
  packet.free();
  context.freeContext();
  await output.closeOutput();
  output.freeContext();
}
