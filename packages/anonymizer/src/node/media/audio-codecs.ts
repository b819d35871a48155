import {
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_AC3,
  AV_CODEC_ID_ALAC,
  AV_CODEC_ID_EAC3,
  AV_CODEC_ID_MP2,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_OPUS,
  AV_CODEC_ID_PCM_S16LE,
  AV_CODEC_ID_PCM_S24LE,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  FF_ENCODER_AAC,
  FF_ENCODER_LIBMP3LAME,
  FF_ENCODER_LIBOPUS,
} from 'node-av/constants';
import type { AVCodecID, AVSampleFormat, FFAudioEncoder } from 'node-av/constants';
import type { OutputContainer } from './containers.ts';

/**
 * Codecs whose packets go into a container as they are. Vorbis and FLAC are not here: their
 * headers hold titles, artists and dates.
 */
const COPIED: Readonly<Record<OutputContainer['muxer'], readonly AVCodecID[]>> = {
  mp4: [
    AV_CODEC_ID_AAC,
    AV_CODEC_ID_MP3,
    AV_CODEC_ID_AC3,
    AV_CODEC_ID_EAC3,
    AV_CODEC_ID_ALAC,
    AV_CODEC_ID_OPUS,
  ],
  mov: [
    AV_CODEC_ID_AAC,
    AV_CODEC_ID_MP3,
    AV_CODEC_ID_AC3,
    AV_CODEC_ID_ALAC,
    AV_CODEC_ID_PCM_S16LE,
    AV_CODEC_ID_PCM_S24LE,
  ],
  matroska: [
    AV_CODEC_ID_AAC,
    AV_CODEC_ID_MP2,
    AV_CODEC_ID_MP3,
    AV_CODEC_ID_AC3,
    AV_CODEC_ID_EAC3,
    AV_CODEC_ID_ALAC,
    AV_CODEC_ID_OPUS,
    AV_CODEC_ID_PCM_S16LE,
    AV_CODEC_ID_PCM_S24LE,
  ],
  webm: [AV_CODEC_ID_OPUS],
  avi: [AV_CODEC_ID_MP2, AV_CODEC_ID_MP3, AV_CODEC_ID_AC3, AV_CODEC_ID_PCM_S16LE],
  mpegts: [AV_CODEC_ID_AAC, AV_CODEC_ID_MP2, AV_CODEC_ID_MP3, AV_CODEC_ID_AC3, AV_CODEC_ID_EAC3],
};

export function isCopied(codec: AVCodecID, container: OutputContainer): boolean {
  return COPIED[container.muxer].includes(codec);
}

export interface AudioEncoding {
  readonly encoder: FFAudioEncoder;
  readonly sampleFormat: AVSampleFormat;
  /** For the filter that converts to it. */
  readonly sampleFormatName: string;
  readonly sampleRatesHz: readonly number[];
}

const PLANAR = { sampleFormat: AV_SAMPLE_FMT_FLTP, sampleFormatName: 'fltp' };
const COMMON_RATES_HZ = [48_000, 44_100, 32_000];

/** What everything else is transcoded to. */
export function encodingFor(container: OutputContainer): AudioEncoding {
  switch (container.muxer) {
    case 'webm':
      return {
        encoder: FF_ENCODER_LIBOPUS,
        sampleFormat: AV_SAMPLE_FMT_FLT,
        sampleFormatName: 'flt',
        sampleRatesHz: [48_000],
      };
    case 'avi':
      return { encoder: FF_ENCODER_LIBMP3LAME, ...PLANAR, sampleRatesHz: COMMON_RATES_HZ };
    default:
      return { encoder: FF_ENCODER_AAC, ...PLANAR, sampleRatesHz: COMMON_RATES_HZ };
  }
}
