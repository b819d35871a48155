import {
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_FRAME_DURATION,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_FLAG_INTERLACED_DCT,
  AV_CODEC_FLAG_INTERLACED_ME,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBVPX_VP9,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Rational } from 'node-av/lib';
import { recentFfmpegLines } from './ffmpeg-log.ts';
import { MediaError } from './media-error.ts';
import type { TimeBase } from './ticks.ts';
import type { VideoInfo } from './video-info.ts';

/** x264's presets, fastest first. VP9 maps them to its own speeds. */
export const ENCODER_PRESETS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
  'slower',
  'veryslow',
] as const;
export type EncoderPreset = (typeof ENCODER_PRESETS)[number];

const DEFAULT_CRF = 23;
/** The same look: x264's 23 is about libvpx's 32. */
const VP9_CRF_ABOVE_H264 = 9;
const VP9_MAX_CRF = 63;
/** libvpx's cpu-used by preset; the first three with its realtime deadline. */
const VP9_SPEEDS = [8, 7, 6, 5, 4, 3, 2, 1, 0];
const VP9_REALTIME_PRESETS = 3;
/** Pictures from here on (more than 4K) get a short look-ahead: x264 keeps each of them whole. */
const LARGE_PICTURE_PX = 4096 * 2304;

export interface EncoderSetup {
  readonly path: string;
  readonly codec: 'h264' | 'vp9';
  readonly info: VideoInfo;
  /** Size of the coded picture; even for H.264. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly sampleAspect: VideoInfo['sampleAspect'];
  readonly timeBase: TimeBase;
  readonly preset: EncoderPreset;
  /** On x264's scale, 0..51; 23 where undefined. */
  readonly crf: number | undefined;
  readonly threads: number;
  readonly globalHeader: boolean;
  readonly bFrames: boolean;
}

/** Opens libx264 or libvpx-vp9. The caller frees the context. Throws MediaError failed. */
export async function openEncoder(setup: EncoderSetup): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(
    setup.codec === 'h264' ? FF_ENCODER_LIBX264 : FF_ENCODER_LIBVPX_VP9,
  );
  if (!codec) throw new MediaError('failed', setup.path, `no ${setup.codec} encoder is built in`);
  const context = new CodecContext();
  context.allocContext3(codec);
  describePictures(context, setup);
  context.threadCount = setup.threads;
  context.setFlags(AV_CODEC_FLAG_BITEXACT, AV_CODEC_FLAG_FRAME_DURATION);
  if (setup.globalHeader) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  if (setup.codec === 'h264') setH264Options(context, setup);
  else setVp9Options(context, setup);
  // Not open2Sync with a dictionary: node-av 6.1.1 frees it twice.
  const opened = await context.open2(codec, null);
  if (opened >= 0) return context;
  context.freeContext();
  throw new MediaError(
    'failed',
    setup.path,
    `the ${setup.codec} encoder refuses ${setup.widthPx}x${setup.heightPx} at preset ${setup.preset}`,
    { detail: await recentFfmpegLines(), cause: FFmpegError.fromCode(opened) },
  );
}

function describePictures(context: CodecContext, setup: EncoderSetup): void {
  const { colour, averageFrameRate } = setup.info;
  context.width = setup.widthPx;
  context.height = setup.heightPx;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(setup.timeBase.num, setup.timeBase.den);
  if (averageFrameRate) {
    context.framerate = new Rational(averageFrameRate.num, averageFrameRate.den);
  }
  if (setup.sampleAspect) {
    context.sampleAspectRatio = new Rational(setup.sampleAspect.num, setup.sampleAspect.den);
  }
  context.colorRange = colour.range;
  context.colorPrimaries = colour.primaries;
  context.colorTrc = colour.transfer;
  context.colorSpace = colour.matrix;
  context.chromaLocation = colour.chromaLocation;
}

function setH264Options(context: CodecContext, setup: EncoderSetup): void {
  const { info } = setup;
  context.setOption('preset', setup.preset);
  context.setOption('crf', String(setup.crf ?? DEFAULT_CRF));
  // Closed captions and user data of the source never reach the output.
  context.setOption('a53cc', '0');
  context.setOption('udu_sei', '0');
  if (!setup.bFrames) context.maxBFrames = 0;
  if (setup.widthPx * setup.heightPx > LARGE_PICTURE_PX) context.setOption('rc-lookahead', '8');
  // Interlaced coding works on pairs of macroblock rows.
  if (info.scan !== 'progressive' && setup.heightPx % 4 === 0) {
    context.setFlags(AV_CODEC_FLAG_INTERLACED_DCT, AV_CODEC_FLAG_INTERLACED_ME);
  }
}

function setVp9Options(context: CodecContext, setup: EncoderSetup): void {
  const speed = ENCODER_PRESETS.indexOf(setup.preset);
  const realtime = speed < VP9_REALTIME_PRESETS;
  const crf = Math.min(VP9_MAX_CRF, (setup.crf ?? DEFAULT_CRF) + VP9_CRF_ABOVE_H264);
  context.bitRate = 0n;
  context.setOption('crf', String(crf));
  context.setOption('deadline', realtime ? 'realtime' : 'good');
  context.setOption('cpu-used', String(VP9_SPEEDS[speed] ?? 0));
  context.setOption('row-mt', '1');
  context.setOption('tile-columns', setup.widthPx >= 1280 ? '2' : '0');
  context.setOption('lag-in-frames', realtime ? '0' : '16');
}
