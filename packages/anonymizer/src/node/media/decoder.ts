import {
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AV_CODEC_FLAG_OUTPUT_CORRUPT,
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  AV_CODEC_ID_MPEG1VIDEO,
  AV_CODEC_ID_MPEG2VIDEO,
  AV_CODEC_ID_MPEG4,
  AV_CODEC_ID_VP8,
  AV_CODEC_ID_VP9,
} from 'node-av/constants';
import type { AVCodecID } from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, avGetCodecName } from 'node-av/lib';
import type { Stream } from 'node-av/lib';
import { recentFfmpegLines } from './ffmpeg-log.ts';
import { MediaError } from './media-error.ts';

export const MAX_SIDE_PX = 8192;
const ERROR_CHECKS = 'crccheck+bitstream+buffer';

interface ReadCodec {
  /** It may show pictures in another order than it decodes them in. */
  readonly reorders: boolean;
  /** Its decoder hides damage unless it is told to stop at it. */
  readonly explodes: boolean;
}

const READ_CODECS = new Map<AVCodecID, ReadCodec>([
  [AV_CODEC_ID_H264, { reorders: true, explodes: false }],
  [AV_CODEC_ID_HEVC, { reorders: true, explodes: true }],
  [AV_CODEC_ID_VP8, { reorders: false, explodes: false }],
  [AV_CODEC_ID_VP9, { reorders: false, explodes: false }],
  [AV_CODEC_ID_AV1, { reorders: false, explodes: false }],
  [AV_CODEC_ID_MPEG1VIDEO, { reorders: true, explodes: false }],
  [AV_CODEC_ID_MPEG2VIDEO, { reorders: true, explodes: false }],
  [AV_CODEC_ID_MPEG4, { reorders: true, explodes: false }],
  [AV_CODEC_ID_MJPEG, { reorders: false, explodes: true }],
]);

export interface OpenedDecoder {
  readonly context: CodecContext;
  readonly reorders: boolean;
}

/**
 * Opens the decoder of a video stream, so that it reports damage: broken pictures come out
 * flagged instead of being left out. Throws MediaError: unsupported-codec, too-large.
 */
export async function openDecoder(
  path: string,
  stream: Stream,
  threads: number,
): Promise<OpenedDecoder> {
  const parameters = stream.codecpar;
  const known = READ_CODECS.get(parameters.codecId);
  const codec = known ? Codec.findDecoder(parameters.codecId) : null;
  if (!known || !codec) {
    const name = avGetCodecName(parameters.codecId) ?? 'unknown';
    throw new MediaError(
      'unsupported-codec',
      path,
      `its video is coded as ${name}, which is not read; convert it to H.264 first`,
    );
  }
  if (parameters.width > MAX_SIDE_PX || parameters.height > MAX_SIDE_PX) {
    throw tooLarge(path, parameters.width, parameters.height);
  }
  const context = new CodecContext();
  context.allocContext3(codec);
  context.parametersToContext(parameters);
  context.pktTimebase = stream.timeBase;
  context.threadCount = threads;
  context.setFlags(AV_CODEC_FLAG_OUTPUT_CORRUPT);
  const detect = known.explodes ? `${ERROR_CHECKS}+explode` : ERROR_CHECKS;
  context.setOption('err_detect', detect);
  context.setOption('max_pixels', String(MAX_SIDE_PX * MAX_SIDE_PX));
  const opened = await context.open2(codec, null);
  if (opened < 0) {
    context.freeContext();
    throw new MediaError(
      'unsupported-codec',
      path,
      `its video (${codec.name ?? 'unknown codec'}) can't be decoded`,
      { detail: await recentFfmpegLines(), cause: FFmpegError.fromCode(opened) },
    );
  }
  return { context, reorders: known.reorders };
}

export function tooLarge(path: string, widthPx: number, heightPx: number): MediaError {
  return new MediaError(
    'too-large',
    path,
    `its pictures are ${widthPx}x${heightPx}; ${MAX_SIDE_PX}x${MAX_SIDE_PX} is the most, scale it down first`,
  );
}

/** True for the two answers that are part of normal work: "give me more" and "that was all". */
export function isPause(code: number): boolean {
  return code === AVERROR_EAGAIN || code === AVERROR_EOF;
}
