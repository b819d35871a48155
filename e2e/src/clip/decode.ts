import {
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
  AV_LOG_ERROR,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
} from 'node-av/constants';
import type { Stream } from 'node-av/lib';
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
import { ProbeError } from '../errors.ts';

export interface ClipFacts {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
}

/** A clip that is open: what it is, and its pictures in presentation order. */
export interface OpenClip {
  readonly facts: ClipFacts;
  /** 4:2:0 pictures, as they are stored; each is valid until the next one is asked for. */
  frames(): AsyncGenerator<Frame>;
  close(): Promise<void>;
}

/** Opens a clip with FFmpeg and nothing of the anonymizer. Throws ProbeError 'clip-unusable'. */
export async function openClip(path: string): Promise<OpenClip> {
  Log.setLevel(AV_LOG_ERROR);
  const input = new FormatContext();
  try {
    FFmpegError.throwIfError(await input.openInput(`file:${path}`), 'open');
    FFmpegError.throwIfError(await input.findStreamInfo(), 'read');
    const index = input.findBestStream(AVMEDIA_TYPE_VIDEO);
    const stream = input.streams[index];
    if (!stream) throw new Error('there is no video in it');
    const decoder = await openDecoder(stream);
    const rate = stream.avgFrameRate;
    return {
      facts: {
        widthPx: decoder.width,
        heightPx: decoder.height,
        framesPerSecond: rate.den > 0 ? rate.num / rate.den : 25,
      },
      frames: () => decodeAll(input, index, decoder),
      close: async () => {
        decoder.freeContext();
        await input.closeInput();
      },
    };
  } catch (cause) {
    await input.closeInput();
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new ProbeError('clip-unusable', `${path} can't be read: ${said}`, { cause });
  }
}

async function openDecoder(stream: Stream): Promise<CodecContext> {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (!codec) throw new Error('there is no decoder for its video');
  const context = new CodecContext();
  context.allocContext3(codec);
  FFmpegError.throwIfError(context.parametersToContext(stream.codecpar), 'decoder');
  context.pktTimebase = stream.timeBase;
  context.threadCount = 2;
  FFmpegError.throwIfError(await context.open2(codec, null), 'decoder');
  return context;
}

async function* decodeAll(
  input: FormatContext,
  index: number,
  decoder: CodecContext,
): AsyncGenerator<Frame> {
  using packet = new Packet();
  using frame = new Frame();
  packet.alloc();
  frame.alloc();
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  try {
    for (let ended = false; !ended;) {
      const read = await input.readFrame(packet);
      ended = read === AVERROR_EOF;
      if (!ended) FFmpegError.throwIfError(read, 'read');
      if (!ended && packet.streamIndex !== index) {
        packet.unref();
        continue;
      }
      FFmpegError.throwIfError(await decoder.sendPacket(ended ? null : packet), 'decode');
      packet.unref();
      for (;;) {
        const got = await decoder.receiveFrame(frame);
        if (got === AVERROR_EOF || got === AVERROR_EAGAIN) break;
        FFmpegError.throwIfError(got, 'decode');
        yield* inI420(frame, scaler);
        frame.unref();
      }
    }
  } finally {
    scaler.freeContext();
  }
}

async function* inI420(frame: Frame, scaler: SoftwareScaleContext): AsyncGenerator<Frame> {
  if (frame.format === AV_PIX_FMT_YUV420P || frame.format === AV_PIX_FMT_YUVJ420P) {
    yield frame;
    return;
  }
  using converted = new Frame();
  converted.alloc();
  converted.copyProps(frame);
  converted.width = frame.width;
  converted.height = frame.height;
  converted.format = AV_PIX_FMT_YUV420P;
  FFmpegError.throwIfError(converted.getBuffer(0), 'convert');
  FFmpegError.throwIfError(await scaler.scaleFrame(converted, frame), 'convert');
  yield converted;
}
