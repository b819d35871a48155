import type { ColourMatrix, I420Planes } from '@drape/anonymizer/core';
import {
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_BT2020_CL,
  AVCOL_SPC_BT2020_NCL,
  AVCOL_SPC_BT709,
  AVCOL_SPC_UNSPECIFIED,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
} from 'node-av/constants';
import type { Stream } from 'node-av/lib';
import { Codec, CodecContext, FFmpegError, FormatContext, Frame, Packet } from 'node-av/lib';
import { EvalError } from '../errors.ts';

/** One decoded picture. `planes` is a view that dies when the next frame is asked for. */
export interface DecodedFrame {
  readonly index: number;
  readonly ptsUs: number;
  readonly planes: I420Planes;
  /** Neither the stream nor the picture says its matrix: players guess, and so does `matrix`. */
  readonly matrixGuessed: boolean;
}

/** Height from which players take BT.709 for an untagged stream. */
const HD_FROM_PX = 720;

function matrixOf(frame: Frame): { matrix: ColourMatrix; guessed: boolean } {
  switch (frame.colorSpace) {
    case AVCOL_SPC_BT709:
      return { matrix: 'bt709', guessed: false };
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return { matrix: 'bt2020', guessed: false };
    case AVCOL_SPC_UNSPECIFIED:
      return { matrix: frame.height >= HD_FROM_PX ? 'bt709' : 'bt601', guessed: true };
    default:
      return { matrix: 'bt601', guessed: false };
  }
}

function view(frame: Frame, path: string): { planes: I420Planes; guessed: boolean } {
  const [y, u, v] = frame.data ?? [];
  const [strideY, strideU, strideV] = frame.linesize;
  const known = frame.format === AV_PIX_FMT_YUV420P || frame.format === AV_PIX_FMT_YUVJ420P;
  if (!known || !y || !u || !v) {
    throw new EvalError('decode-failed', `${path}: the judge reads 8-bit 4:2:0 only.`);
  }
  const { matrix, guessed } = matrixOf(frame);
  const planes: I420Planes = {
    widthPx: frame.width,
    heightPx: frame.height,
    y,
    u,
    v,
    strideY: strideY ?? frame.width,
    strideU: strideU ?? 0,
    strideV: strideV ?? 0,
    fullRange: frame.format === AV_PIX_FMT_YUVJ420P || frame.colorRange === AVCOL_RANGE_JPEG,
    matrix,
  };
  return { planes, guessed };
}

async function openDecoder(stream: Stream, path: string): Promise<CodecContext> {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (!codec) throw new EvalError('decode-failed', `${path}: no decoder for its video.`);
  const context = new CodecContext();
  context.allocContext3(codec);
  FFmpegError.throwIfError(context.parametersToContext(stream.codecpar), 'parametersToContext');
  context.pktTimebase = stream.timeBase;
  context.threadCount = 1;
  FFmpegError.throwIfError(await context.open2(null, null), 'open2');
  return context;
}

/**
 * Decodes a file's best video stream in presentation order, with FFmpeg and nothing of the
 * pipeline's own code: the judge must not share a mistake with what it judges.
 */
export async function* decodeVideo(path: string): AsyncGenerator<DecodedFrame> {
  const input = new FormatContext();
  let context: CodecContext | undefined;
  const packet = new Packet();
  const frame = new Frame();
  packet.alloc();
  frame.alloc();
  try {
    FFmpegError.throwIfError(await input.openInput(path), `open ${path}`);
    FFmpegError.throwIfError(await input.findStreamInfo(), `read ${path}`);
    const streamIndex = input.findBestStream(AVMEDIA_TYPE_VIDEO);
    const stream = input.streams[streamIndex];
    if (!stream) throw new EvalError('decode-failed', `${path} has no video stream.`);
    context = await openDecoder(stream, path);
    const usPerTick = (1e6 * stream.timeBase.num) / stream.timeBase.den;
    let index = 0;
    for (let ended = false; !ended;) {
      const read = await input.readFrame(packet);
      ended = read === AVERROR_EOF;
      if (!ended) FFmpegError.throwIfError(read, `read ${path}`);
      if (!ended && packet.streamIndex !== streamIndex) {
        packet.unref();
        continue;
      }
      FFmpegError.throwIfError(await context.sendPacket(ended ? null : packet), `decode ${path}`);
      packet.unref();
      for (;;) {
        const got = await context.receiveFrame(frame);
        if (got === AVERROR_EOF || got === AVERROR_EAGAIN) break;
        FFmpegError.throwIfError(got, `decode ${path}`);
        const { planes, guessed } = view(frame, path);
        const ptsUs = Math.round(Number(frame.bestEffortTimestamp) * usPerTick);
        yield { index: index++, ptsUs, planes, matrixGuessed: guessed };
        frame.unref();
      }
    }
  } finally {
    frame.free();
    packet.free();
    context?.freeContext();
    await input.closeInput();
  }
}
