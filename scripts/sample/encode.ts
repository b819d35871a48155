import {
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_ID_H264,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  AV_LOG_ERROR,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  Rational,
  SoftwareScaleContext,
  type Stream,
} from 'node-av/lib';

export interface Clip {
  widthPx: number;
  heightPx: number;
  framesPerSecond: number;
  /** Container tags, such as a title. */
  tags: Readonly<Record<string, string>>;
  /** RGB, 8 bits, without padding, in order of time. */
  frames: AsyncIterable<Buffer>;
}

/**
 * Writes an H.264 clip to an MP4 file.
 * @throws FFmpegError when the encoder or the file fails
 */
export async function encodeClip(path: string, clip: Clip): Promise<void> {
  // x264 would tell its life's story.
  Log.setLevel(AV_LOG_ERROR);
  await using output = new FormatContext();
  FFmpegError.throwIfError(output.allocOutputContext2(null, 'mp4', path), path);
  using encoder = await openEncoder(clip);
  const stream = output.newStream();
  FFmpegError.throwIfError(stream.codecpar.fromContext(encoder), 'stream parameters');
  stream.timeBase = encoder.timeBase;
  output.metadata = Dictionary.fromObject({ ...clip.tags });
  FFmpegError.throwIfError(await output.openOutput(), path);
  FFmpegError.throwIfError(await output.writeHeader(), path);
  const to = { encoder, output, stream };
  using scaler = rgbToYuv(clip);
  let index = 0n;
  for await (const rgb of clip.frames) {
    using picture = await toYuv(rgb, { scaler, clip });
    picture.pts = index++;
    await send(picture, to);
  }
  await send(null, to);
  FFmpegError.throwIfError(await output.writeTrailer(), path);
}

async function openEncoder(clip: Clip): Promise<CodecContext> {
  const encoder = new CodecContext();
  encoder.allocContext3(Codec.findEncoder(AV_CODEC_ID_H264));
  encoder.width = clip.widthPx;
  encoder.height = clip.heightPx;
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, clip.framesPerSecond);
  encoder.framerate = new Rational(clip.framesPerSecond, 1);
  // What swscale makes of RGB unless told otherwise.
  encoder.colorSpace = AVCOL_SPC_SMPTE170M;
  encoder.colorRange = AVCOL_RANGE_MPEG;
  encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  encoder.setOption('preset', 'veryfast', AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN);
  FFmpegError.throwIfError(await encoder.open2(null, null), 'H.264 encoder');
  return encoder;
}

function rgbToYuv({ widthPx, heightPx }: Clip): SoftwareScaleContext {
  const scaler = new SoftwareScaleContext();
  const from = [widthPx, heightPx, AV_PIX_FMT_RGB24] as const;
  scaler.getContext(...from, widthPx, heightPx, AV_PIX_FMT_YUV420P);
  return scaler;
}

async function toYuv(
  rgb: Buffer,
  { scaler, clip }: { scaler: SoftwareScaleContext; clip: Clip },
): Promise<Frame> {
  const size = { width: clip.widthPx, height: clip.heightPx };
  using source = Frame.fromVideoBuffer(rgb, { ...size, format: AV_PIX_FMT_RGB24 });
  const picture = new Frame();
  picture.alloc();
  Object.assign(picture, { ...size, format: AV_PIX_FMT_YUV420P });
  FFmpegError.throwIfError(picture.getBuffer(), 'frame');
  FFmpegError.throwIfError(await scaler.scaleFrame(picture, source), 'RGB to YUV');
  return picture;
}

async function send(
  picture: Frame | null,
  { encoder, output, stream }: { encoder: CodecContext; output: FormatContext; stream: Stream },
): Promise<void> {
  FFmpegError.throwIfError(await encoder.sendFrame(picture), 'encode');
  using packet = new Packet();
  packet.alloc();
  for (;;) {
    const status = await encoder.receivePacket(packet);
    if (status === AVERROR_EAGAIN || status === AVERROR_EOF) return;
    FFmpegError.throwIfError(status, 'encode');
    packet.streamIndex = stream.index;
    // One tick. Without it the last frame would last no time, and players would drop it.
    packet.duration = 1n;
    packet.rescaleTs(encoder.timeBase, stream.timeBase);
    FFmpegError.throwIfError(await output.interleavedWriteFrame(packet), 'write');
  }
}
