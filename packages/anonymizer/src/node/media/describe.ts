import {
  AV_FRAME_FLAG_INTERLACED,
  AV_FRAME_FLAG_TOP_FIELD_FIRST,
  AV_NOPTS_VALUE,
} from 'node-av/constants';
import { avGetCodecName } from 'node-av/lib';
import type { FormatContext, Frame, Stream } from 'node-av/lib';
import { displayMatrixOf, rotationOf } from './rotation.ts';
import { countStreams } from './streams.ts';
import { ticksToUs } from './ticks.ts';
import type { TimeBase } from './ticks.ts';
import type { VideoInfo } from './video-info.ts';

const DEFAULT_FRAMES_PER_SECOND = 25;

/** Collects what the container, the stream and the first picture say. */
export function describeVideo(
  path: string,
  opened: { readonly context: FormatContext; readonly stream: Stream },
  first: Frame,
): VideoInfo {
  const { context, stream } = opened;
  const timeBase = { num: stream.timeBase.num, den: stream.timeBase.den };
  const displayMatrix = displayMatrixOf(stream, first);
  const start = first.bestEffortTimestamp;
  return {
    path,
    container: context.iformat?.name ?? 'unknown',
    codec: avGetCodecName(stream.codecpar.codecId) ?? 'unknown',
    widthPx: first.width,
    heightPx: first.height,
    rotationDeg: rotationOf(displayMatrix),
    displayMatrix,
    sampleAspect: fraction(stream.sampleAspectRatio) ?? fraction(first.sampleAspectRatio),
    colour: {
      range: first.colorRange,
      primaries: first.colorPrimaries,
      transfer: first.colorTrc,
      matrix: first.colorSpace,
      chromaLocation: first.chromaLocation,
    },
    scan: scanOf(first),
    timeBase,
    startUs: start === AV_NOPTS_VALUE ? 0 : ticksToUs(start, timeBase),
    averageFrameRate: fraction(stream.avgFrameRate) ?? fraction(stream.rFrameRate),
    durationUs: durationOf(context, stream),
    frameCount: stream.nbFrames > 0n ? Number(stream.nbFrames) : undefined,
    streams: countStreams(context),
  };
}

/** The usual distance of two frames, in ticks of the stream's clock. */
export function frameTicks(info: VideoInfo): bigint {
  const rate = info.averageFrameRate ?? { num: DEFAULT_FRAMES_PER_SECOND, den: 1 };
  const ticks = (rate.den * info.timeBase.den) / (rate.num * info.timeBase.num);
  return BigInt(Math.max(1, Math.round(ticks)));
}

function fraction(value: TimeBase): TimeBase | undefined {
  return value.num > 0 && value.den > 0 ? { num: value.num, den: value.den } : undefined;
}

function scanOf(frame: Frame): VideoInfo['scan'] {
  if (!frame.hasFlags(AV_FRAME_FLAG_INTERLACED)) return 'progressive';
  return frame.hasFlags(AV_FRAME_FLAG_TOP_FIELD_FIRST) ? 'top-field-first' : 'bottom-field-first';
}

function durationOf(context: FormatContext, stream: Stream): number | undefined {
  if (stream.duration > 0n) return ticksToUs(stream.duration, stream.timeBase);
  return context.duration > 0n ? Number(context.duration) : undefined;
}
