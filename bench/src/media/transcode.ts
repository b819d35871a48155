import {
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
  AV_CODEC_FLAG_FRAME_DURATION,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBX264,
  SWS_BICUBIC,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  SoftwareScaleContext,
} from 'node-av/lib';
import type { Stream } from 'node-av/lib';
import type { TranscodeJob } from '../peers/measure.ts';

export interface TranscodeOptions extends TranscodeJob {
  /** Scales to this size; the source's size where undefined. */
  readonly size?: { readonly widthPx: number; readonly heightPx: number };
  /** Frames from this one (0 by default) … */
  readonly fromFrame?: number;
  /** … up to before this one (all by default). */
  readonly untilFrame?: number;
}

const check = (code: number, what: string): void => {
  FFmpegError.throwIfError(code, what);
};

async function openDecoder(stream: Stream, threads: number): Promise<CodecContext> {
  const context = new CodecContext();
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  context.allocContext3(codec);
  check(context.parametersToContext(stream.codecpar), 'decoder parameters');
  context.pktTimebase = stream.timeBase;
  context.threadCount = threads;
  check(await context.open2(codec, null), 'open decoder');
  return context;
}

async function openEncoder(
  stream: Stream,
  size: { readonly widthPx: number; readonly heightPx: number },
  job: TranscodeJob,
): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = size.widthPx;
  context.height = size.heightPx;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = stream.timeBase;
  context.framerate = stream.avgFrameRate;
  context.threadCount = job.threads;
  // Without its duration the last frame is cut off by the muxer's edit list.
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_FRAME_DURATION);
  context.setOption('preset', job.preset);
  context.setOption('crf', String(job.crf));
  check(await context.open2(codec, null), 'open x264');
  return context;
}

/**
 * The plainest transcode there is: demux, decode, x264, mux, with asynchronous calls, so that
 * FFmpeg's threads work while the next packet is read. It is the yardstick of the file bench,
 * and makes its material.
 */
export async function transcode(job: TranscodeOptions): Promise<number> {
  Log.setLevel(AV_LOG_ERROR);
  const input = new FormatContext();
  check(await input.openInput(job.input), `open ${job.input}`);
  check(await input.findStreamInfo(), `read ${job.input}`);
  const index = input.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = input.streams[index];
  if (!stream) throw new Error(`${job.input} has no video`);
  const { codecpar } = stream;
  const size = job.size ?? { widthPx: codecpar.width, heightPx: codecpar.height };
  const decoder = await openDecoder(stream, job.threads);
  const encoder = await openEncoder(stream, size, job);
  const output = new FormatContext();
  check(output.allocOutputContext2(null, null, job.output), 'allocate output');
  const out = output.newStream(null);
  out.timeBase = encoder.timeBase;
  check(out.codecpar.fromContext(encoder), 'stream parameters');
  check(await output.openOutput(), `open ${job.output}`);
  check(await output.writeHeader(null), 'write header');
  const scaler = job.size ? new SoftwareScaleContext() : undefined;
  scaler?.getContext(
    codecpar.width,
    codecpar.height,
    AV_PIX_FMT_YUV420P,
    size.widthPx,
    size.heightPx,
    AV_PIX_FMT_YUV420P,
    SWS_BICUBIC,
  );
  const [read, coded, decoded] = [new Packet(), new Packet(), new Frame()];
  read.alloc();
  coded.alloc();
  decoded.alloc();
  let frames = 0;
  let firstPts: bigint | undefined;

  const encode = async (frame: Frame | null): Promise<void> => {
    check(await encoder.sendFrame(frame), 'encode');
    for (;;) {
      const got = await encoder.receivePacket(coded);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return;
      check(got, 'encode');
      coded.streamIndex = out.index;
      coded.rescaleTs(encoder.timeBase, out.timeBase);
      check(await output.interleavedWriteFrame(coded), 'write');
    }
  };
  const take = async (frame: Frame): Promise<void> => {
    const at = frames++;
    if (at < (job.fromFrame ?? 0) || at >= (job.untilFrame ?? Infinity)) return;
    firstPts ??= frame.bestEffortTimestamp;
    frame.pts = frame.bestEffortTimestamp - firstPts;
    if (!scaler) {
      await encode(frame);
      return;
    }
    const scaled = new Frame();
    scaled.alloc();
    scaled.width = size.widthPx;
    scaled.height = size.heightPx;
    scaled.format = AV_PIX_FMT_YUV420P;
    check(scaled.getBuffer(0), 'frame buffer');
    check(await scaler.scaleFrame(scaled, frame), 'scale');
    scaled.pts = frame.pts;
    scaled.duration = frame.duration;
    await encode(scaled);
    scaled.free();
  };
  const decode = async (packet: Packet | null): Promise<void> => {
    check(await decoder.sendPacket(packet), 'decode');
    for (;;) {
      const got = await decoder.receiveFrame(decoded);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return;
      check(got, 'decode');
      await take(decoded);
      decoded.unref();
    }
  };

  for (;;) {
    const got = await input.readFrame(read);
    if (got === AVERROR_EOF) break;
    check(got, `read ${job.input}`);
    if (read.streamIndex === index) await decode(read);
    read.unref();
    if (frames >= (job.untilFrame ?? Infinity)) break;
  }
  await decode(null);
  await encode(null);
  check(await output.writeTrailer(), 'write trailer');
  for (const context of [decoder, encoder]) context.freeContext();
  for (const packet of [read, coded]) packet.free();
  decoded.free();
  scaler?.freeContext();
  await output.closeOutput();
  output.freeContext();
  await input.closeInput();
  return Math.min(frames, job.untilFrame ?? Infinity) - (job.fromFrame ?? 0);
}
