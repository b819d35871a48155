import { extname } from 'node:path';
import { MediaError } from './media-error.ts';

/** What an output container can carry, and how FFmpeg's muxer for it is set up. */
export interface OutputContainer {
  /** FFmpeg's name of the muxer. */
  readonly muxer: 'mp4' | 'mov' | 'matroska' | 'webm' | 'avi' | 'mpegts';
  readonly codec: 'h264' | 'vp9';
  /** It has a display matrix; elsewhere the pixels are turned. */
  readonly carriesRotation: boolean;
  /** It stores a time for every frame. AVI has only a frame rate. */
  readonly carriesTimes: boolean;
  readonly options: Readonly<Record<string, string>>;
}

const MOV_OPTIONS = { movflags: '+faststart+disable_chpl', write_tmcd: '0' };

const CONTAINERS: Readonly<Record<string, OutputContainer>> = {
  '.mp4': isobmff('mp4'),
  '.m4v': isobmff('mp4'),
  '.mov': isobmff('mov'),
  '.mkv': {
    muxer: 'matroska',
    codec: 'h264',
    carriesRotation: true,
    carriesTimes: true,
    options: {},
  },
  '.webm': {
    muxer: 'webm',
    codec: 'vp9',
    carriesRotation: true,
    carriesTimes: true,
    options: {},
  },
  '.avi': {
    muxer: 'avi',
    codec: 'h264',
    carriesRotation: false,
    carriesTimes: false,
    options: {},
  },
  '.ts': {
    muxer: 'mpegts',
    codec: 'h264',
    carriesRotation: false,
    carriesTimes: true,
    // Without it the muxer shifts every timestamp by its own delay.
    options: { mpegts_copyts: '1' },
  },
};

/** Extensions of video files that can be written, with their dot. */
export const WRITTEN_VIDEO_EXTENSIONS: readonly string[] = Object.keys(CONTAINERS);

/** The container for an output name. Throws MediaError unsupported-container for any other. */
export function containerFor(path: string): OutputContainer {
  const extension = extname(path).toLowerCase();
  const container = CONTAINERS[extension];
  if (container) return container;
  throw new MediaError(
    'unsupported-container',
    path,
    `can't write ${extension === '' ? 'a video without an extension' : extension}; name the output ${WRITTEN_VIDEO_EXTENSIONS.join(', ')}`,
  );
}

function isobmff(muxer: 'mp4' | 'mov'): OutputContainer {
  return {
    muxer,
    codec: 'h264',
    carriesRotation: true,
    carriesTimes: true,
    options: MOV_OPTIONS,
  };
}
