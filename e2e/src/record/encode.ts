import { open } from 'node:fs/promises';
import {
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AV_CODEC_FLAG_FRAME_DURATION,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import type { AVPixelFormat } from 'node-av/constants';
import {
  Codec,
  CodecContext,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av/lib';
import { ProbeError } from '../errors.ts';

/** One kept picture: planes without padding in the file of pictures. */
export interface KeptPicture {
  readonly at: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly format: string;
  /** Presentation time in the recording, microseconds. */
  readonly ptsUs: number;
}

/** x264's constant quantizer: differences of a step or two in a luma of 256. */
const QUANTIZER = '6';
const FORMATS: Readonly<Record<string, AVPixelFormat>> = {
  I420: AV_PIX_FMT_YUV420P,
  NV12: AV_PIX_FMT_NV12,
};

const check = (code: number, what: string): void => {
  FFmpegError.throwIfError(code, what);
};

/**
 * Writes kept pictures as a near-lossless H.264 in MP4, one frame for each. All frames have
 * `size`; pictures of another size are scaled to it.
 */
export async function encodeRecording(
  raw: string,
  path: string,
  recording: {
    readonly pictures: readonly KeptPicture[];
    readonly size: { readonly widthPx: number; readonly heightPx: number };
  },
): Promise<void> {
  // x264 would tell its life's story.
  Log.setLevel(AV_LOG_ERROR);
  const { pictures, size } = recording;
  const output = new FormatContext();
  check(output.allocOutputContext2(null, 'mp4', `file:${path}`), 'muxer');
  const encoder = await openEncoder(size);
  const stream = output.newStream(null);
  stream.timeBase = encoder.timeBase;
  stream.codecpar.fromContext(encoder);
  check(await output.openOutput(), `write ${path}`);
  check(await output.writeHeader(null), 'header');
  using packet = new Packet();
  packet.alloc();
  const drain = async (): Promise<void> => {
    for (;;) {
      const code = await encoder.receivePacket(packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      check(code, 'encode');
      packet.streamIndex = stream.index;
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      check(await output.interleavedWriteFrame(packet), 'write');
    }
  };
  const file = await open(raw, 'r');
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  try {
    for (const [at, picture] of pictures.entries()) {
      using frame = await readPicture(file, picture);
      const same = frame.width === size.widthPx && frame.height === size.heightPx;
      const plain = same && frame.format === AV_PIX_FMT_YUV420P;
      using shown = plain ? frame : await scaledTo(frame, size, scaler);
      shown.pts = BigInt(picture.ptsUs);
      const next = pictures[at + 1];
      shown.duration = BigInt(next ? next.ptsUs - picture.ptsUs : 40_000);
      check(await encoder.sendFrame(shown), 'encode');
      await drain();
    }
    check(await encoder.sendFrame(null), 'encode');
    await drain();
    check(await output.writeTrailer(), 'trailer');
  } finally {
    await file.close();
    scaler.freeContext();
    encoder.freeContext();
    await output.closeOutput();
    output.freeContext();
  }
}

async function openEncoder(size: {
  readonly widthPx: number;
  readonly heightPx: number;
}): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = size.widthPx;
  context.height = size.heightPx;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(1, 1_000_000);
  // For the stream's level only: pictures come when they come.
  context.framerate = new Rational(30, 1);
  context.gopSize = 50;
  context.maxBFrames = 0;
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_FRAME_DURATION);
  context.setOption('preset', 'ultrafast');
  context.setOption('qp', QUANTIZER);
  check(await context.open2(codec, null), 'open x264');
  return context;
}

async function readPicture(
  file: Awaited<ReturnType<typeof open>>,
  picture: KeptPicture,
): Promise<Frame> {
  const format = FORMATS[picture.format];
  if (format === undefined) {
    throw new ProbeError('recording-failed', `the viewer's pictures are ${picture.format}.`);
  }
  const { widthPx, heightPx } = picture;
  const sizeBytes = widthPx * heightPx + 2 * Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  const bytes = Buffer.alloc(sizeBytes);
  const { bytesRead } = await file.read(bytes, 0, sizeBytes, picture.at);
  if (bytesRead < sizeBytes) {
    throw new ProbeError('recording-failed', 'the file of pictures ends before the last one.');
  }
  const frame = new Frame();
  frame.alloc();
  frame.width = widthPx;
  frame.height = heightPx;
  frame.format = format;
  check(frame.getBuffer(0), 'picture');
  check(frame.fromBuffer(bytes), 'picture');
  return frame;
}

async function scaledTo(
  frame: Frame,
  size: { readonly widthPx: number; readonly heightPx: number },
  scaler: SoftwareScaleContext,
): Promise<Frame> {
  const scaled = new Frame();
  scaled.alloc();
  scaled.width = size.widthPx;
  scaled.height = size.heightPx;
  scaled.format = AV_PIX_FMT_YUV420P;
  check(scaled.getBuffer(0), 'picture');
  check(await scaler.scaleFrame(scaled, frame), 'scale');
  return scaled;
}
