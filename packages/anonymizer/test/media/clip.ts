import {
  AVCOL_RANGE_UNSPECIFIED,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_GLOBALHEADER,
  AVMEDIA_TYPE_ATTACHMENT,
  AVMEDIA_TYPE_SUBTITLE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_ID_TTF,
  AV_CODEC_ID_SUBRIP,
  AV_CODEC_ID_MOV_TEXT,
  AV_LOG_ERROR,
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_DISPLAYMATRIX,
} from 'node-av/constants';
import type { AVColorRange, AVColorSpace } from 'node-av/constants';
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
  avChannelLayoutDefault,
  avGetPixFmtFromName,
} from 'node-av/lib';
import type { Stream } from 'node-av/lib';

// Encoders write their settings to stderr otherwise.
process.env['SVT_LOG'] ??= '0';
Log.setLevel(AV_LOG_ERROR);

/** Everything that a made-up clip can have; what is left out is plain. */
export interface ClipOptions {
  /** FFmpeg's name of an encoder. */
  readonly encoder?: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly frames?: number;
  /** FFmpeg's name of a pixel format. */
  readonly pixelFormat?: string;
  readonly timeBase?: { readonly num: number; readonly den: number };
  /** Presentation time of frame `i` in ticks of `timeBase`. */
  readonly ptsOf?: (i: number) => number;
  readonly keyframeEvery?: number;
  readonly bFrames?: number;
  readonly sampleAspect?: readonly [number, number];
  readonly displayMatrix?: readonly number[];
  readonly range?: AVColorRange;
  readonly matrix?: AVColorSpace;
  readonly encoderOptions?: Readonly<Record<string, string>>;
  readonly muxOptions?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly streamMetadata?: Readonly<Record<string, string>>;
  /** FFmpeg's name of an audio encoder; as long as the video. */
  readonly audio?: string;
  readonly subtitle?: string;
  readonly attachment?: boolean;
  /** A second, smaller video stream. */
  readonly secondVideo?: boolean;
  /** No pictures are written, only headers. */
  readonly noPictures?: boolean;
}

/** Encodes a clip into `path`, its container by extension. */
export async function makeClip(path: string, options: ClipOptions = {}): Promise<void> {
  const context = new FormatContext();
  check(context.allocOutputContext2(null, null, `file:${path}`), 'muxer');
  check(await context.openOutput(), 'open');
  if (options.metadata) context.metadata = Dictionary.fromObject({ ...options.metadata });
  const tracks: Track[] = [];
  if (options.encoder !== 'none') tracks.push(await videoTrack(context, options));
  if (options.secondVideo) {
    tracks.push(await videoTrack(context, { ...options, widthPx: 64, heightPx: 48 }));
  }
  if (options.audio) tracks.push(await audioTrack(context, options.audio, options));
  const subtitle = options.subtitle ? subtitleStream(context) : undefined;
  if (options.attachment) addAttachment(context);
  const header = Dictionary.fromObject({ ...options.muxOptions });
  check(await context.writeHeader(header), 'header');
  header.free();
  if (subtitle) await writeSubtitle(context, subtitle, options.subtitle ?? '');
  if (!options.noPictures) for (const track of tracks) await track.write();
  check(await context.writeTrailer(), 'trailer');
  for (const track of tracks) track.close();
  await context.closeOutput();
  context.freeContext();
}

interface Track {
  write(): Promise<void>;
  close(): void;
}

async function videoTrack(context: FormatContext, options: ClipOptions): Promise<Track> {
  const { widthPx = 160, heightPx = 120, frames = 12 } = options;
  const timeBase = options.timeBase ?? { num: 1, den: 25 };
  const codec = Codec.findEncoderByName((options.encoder ?? 'libx264') as never);
  if (!codec) throw new Error(`no encoder ${options.encoder ?? ''}`);
  const pixelFormat = avGetPixFmtFromName(options.pixelFormat ?? 'yuv420p');
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = widthPx;
  encoder.height = heightPx;
  encoder.pixelFormat = pixelFormat;
  encoder.timeBase = new Rational(timeBase.num, timeBase.den);
  encoder.framerate = new Rational(25, 1);
  encoder.gopSize = options.keyframeEvery ?? 12;
  encoder.maxBFrames = options.bFrames ?? 0;
  encoder.threadCount = 1;
  if (options.range) encoder.colorRange = options.range;
  if (options.matrix) encoder.colorSpace = options.matrix;
  if (options.sampleAspect) encoder.sampleAspectRatio = new Rational(...options.sampleAspect);
  if (context.oformat?.hasFlags(AVFMT_GLOBALHEADER)) encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  for (const [name, value] of Object.entries(options.encoderOptions ?? {})) {
    check(encoder.setOption(name, value), name);
  }
  check(await encoder.open2(codec, null), `encoder ${options.encoder ?? 'libx264'}`);
  const stream = context.newStream(null);
  stream.timeBase = encoder.timeBase;
  stream.avgFrameRate = encoder.framerate;
  stream.codecpar.fromContext(encoder);
  if (options.sampleAspect) stream.sampleAspectRatio = encoder.sampleAspectRatio;
  if (options.displayMatrix) {
    const bytes = Buffer.alloc(36);
    options.displayMatrix.forEach((value, i) => bytes.writeInt32LE(value, i * 4));
    stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, bytes);
  }
  if (options.streamMetadata)
    stream.metadata = Dictionary.fromObject({ ...options.streamMetadata });
  return {
    write: async () => {
      const scaler = new SoftwareScaleContext();
      scaler.allocContext();
      for (let i = 0; i < frames; i += 1) {
        const drawn = drawFrame(widthPx, heightPx, i);
        drawn.colorRange = options.range ?? AVCOL_RANGE_UNSPECIFIED;
        const frame = await inFormat(drawn, pixelFormat, scaler);
        frame.pts = BigInt(options.ptsOf?.(i) ?? i);
        frame.duration = 1n;
        await encode({ context, encoder, stream }, frame);
        if (frame !== drawn) frame.free();
        drawn.free();
      }
      scaler.freeContext();
      await encode({ context, encoder, stream }, null);
    },
    close: () => {
      encoder.freeContext();
    },
  };
}

/** A bright block that wanders over a gradient; every frame is different. */
export function drawFrame(widthPx: number, heightPx: number, i: number): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = widthPx;
  frame.height = heightPx;
  frame.format = AV_PIX_FMT_YUV420P;
  check(frame.getBuffer(0), 'frame');
  const [y, u, v] = frame.data ?? [];
  const [strideY = 0, strideU = 0, strideV = 0] = frame.linesize;
  const ramp = Uint8Array.from({ length: widthPx + 120 }, (_, x) => 40 + (x % 120));
  const blockAt = (i * 7) % widthPx;
  for (let row = 0; row < heightPx; row += 1) {
    const from = (row * 2 + i) % 120;
    const at = row * strideY;
    y?.set(ramp.subarray(from, from + widthPx), at);
    if (Math.abs(row - heightPx / 2) < 16)
      y?.fill(220, at + Math.max(0, blockAt - 12), at + Math.min(widthPx, blockAt + 12));
  }
  for (let row = 0; row < (heightPx + 1) >> 1; row += 1) {
    u?.fill(110 + (i % 30), row * strideU, row * strideU + ((widthPx + 1) >> 1));
    v?.fill(150 - (row % 40), row * strideV, row * strideV + ((widthPx + 1) >> 1));
  }
  return frame;
}

async function inFormat(
  drawn: Frame,
  pixelFormat: ReturnType<typeof avGetPixFmtFromName>,
  scaler: SoftwareScaleContext,
): Promise<Frame> {
  if (pixelFormat === AV_PIX_FMT_YUV420P) return drawn;
  const frame = new Frame();
  frame.alloc();
  frame.copyProps(drawn);
  frame.width = drawn.width;
  frame.height = drawn.height;
  frame.format = pixelFormat;
  check(frame.getBuffer(0), 'frame');
  check(await scaler.scaleFrame(frame, drawn), 'scale');
  return frame;
}

async function audioTrack(
  context: FormatContext,
  name: string,
  options: ClipOptions,
): Promise<Track> {
  const codec = Codec.findEncoderByName(name as never);
  if (!codec) throw new Error(`no encoder ${name}`);
  const [sampleFormat] = codec.sampleFormats ?? [];
  if (sampleFormat === undefined) throw new Error(`no sample format for ${name}`);
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.sampleRate = 48_000;
  encoder.sampleFormat = sampleFormat;
  encoder.channelLayout = avChannelLayoutDefault(1);
  encoder.timeBase = new Rational(1, 48_000);
  encoder.bitRate = 64_000n;
  if (context.oformat?.hasFlags(AVFMT_GLOBALHEADER)) encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  check(await encoder.open2(codec, null), `encoder ${name}`);
  const stream = context.newStream(null);
  stream.timeBase = encoder.timeBase;
  stream.codecpar.fromContext(encoder);
  if (options.streamMetadata)
    stream.metadata = Dictionary.fromObject({ ...options.streamMetadata });
  const samples = encoder.frameSize || 1024;
  const total = ((options.frames ?? 12) / 25) * 48_000;
  return {
    write: async () => {
      for (let at = 0; at < total; at += samples) {
        const frame = new Frame();
        frame.alloc();
        frame.format = sampleFormat;
        frame.sampleRate = 48_000;
        frame.channelLayout = avChannelLayoutDefault(1);
        frame.nbSamples = samples;
        check(frame.getBuffer(0), 'audio frame');
        frame.data?.[0]?.fill(0);
        frame.pts = BigInt(at);
        await encode({ context, encoder, stream }, frame);
        frame.free();
      }
      await encode({ context, encoder, stream }, null);
    },
    close: () => {
      encoder.freeContext();
    },
  };
}

function subtitleStream(context: FormatContext): Stream {
  const stream = context.newStream(null);
  stream.timeBase = new Rational(1, 1000);
  stream.codecpar.codecType = AVMEDIA_TYPE_SUBTITLE;
  const isMov = context.oformat?.name === 'mp4' || context.oformat?.name === 'mov';
  stream.codecpar.codecId = isMov ? AV_CODEC_ID_MOV_TEXT : AV_CODEC_ID_SUBRIP;
  return stream;
}

async function writeSubtitle(context: FormatContext, stream: Stream, text: string): Promise<void> {
  const isMov = stream.codecpar.codecId === AV_CODEC_ID_MOV_TEXT;
  const words = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(words.length);
  const packet = new Packet();
  packet.alloc();
  packet.data = isMov ? Buffer.concat([length, words]) : words;
  packet.pts = 0n;
  packet.dts = 0n;
  packet.duration = 400n;
  packet.streamIndex = stream.index;
  packet.isKeyframe = true;
  packet.rescaleTs({ num: 1, den: 1000 }, stream.timeBase);
  check(await context.interleavedWriteFrame(packet), 'subtitle');
  packet.free();
}

function addAttachment(context: FormatContext): void {
  const stream = context.newStream(null);
  stream.codecpar.codecType = AVMEDIA_TYPE_ATTACHMENT;
  stream.codecpar.codecId = AV_CODEC_ID_TTF;
  stream.codecpar.extradata = Buffer.from('attached patient letter');
  stream.metadata = Dictionary.fromObject({ filename: 'letter.ttf', mimetype: 'font/ttf' });
}

async function encode(
  to: { context: FormatContext; encoder: CodecContext; stream: Stream },
  frame: Frame | null,
): Promise<void> {
  check(await to.encoder.sendFrame(frame), 'send');
  const packet = new Packet();
  packet.alloc();
  for (;;) {
    const code = await to.encoder.receivePacket(packet);
    if (code === AVERROR_EAGAIN || code === AVERROR_EOF) break;
    check(code, 'encode');
    packet.streamIndex = to.stream.index;
    packet.rescaleTs(to.encoder.timeBase, to.stream.timeBase);
    check(await to.context.interleavedWriteFrame(packet), 'write');
  }
  packet.free();
}

function check(code: number, what: string): void {
  FFmpegError.throwIfError(code, what);
}
