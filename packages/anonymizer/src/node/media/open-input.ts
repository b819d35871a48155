import { open, stat } from 'node:fs/promises';
import {
  AVERROR_EACCES,
  AVERROR_EINVAL,
  AVERROR_EOF,
  AVERROR_INVALIDDATA,
} from 'node-av/constants';
import { Dictionary, FFmpegError, FormatContext } from 'node-av/lib';
import { captureFfmpegLog, clearFfmpegLines, recentFfmpegLines } from './ffmpeg-log.ts';
import { MediaError } from './media-error.ts';

/**
 * Containers that are read. A list, because FFmpeg also knows text formats that name other
 * files and hosts: playlists, concat scripts, session descriptions.
 */
const READ_CONTAINERS = [
  'mov,mp4,m4a,3gp,3g2,mj2',
  'matroska,webm',
  'avi',
  'mpegts',
  'mpeg',
  'ivf',
  'h264',
  'hevc',
  'mjpeg',
  'mpegvideo',
];

/**
 * Opens a file and finds its streams. The caller closes the context. Throws MediaError:
 * not-found, unreadable, not-media, truncated, unsupported-container.
 */
export async function openInput(path: string): Promise<FormatContext> {
  captureFfmpegLog();
  clearFfmpegLines();
  await assertReadableFile(path);
  const context = new FormatContext();
  const options = Dictionary.fromObject({
    protocol_whitelist: 'file',
    format_whitelist: READ_CONTAINERS.join(','),
  });
  try {
    // `file:` keeps a name such as `concat:a|b` a name.
    const opened = await context.openInput(`file:${path}`, null, options);
    if (opened < 0) throw await openError(path, opened);
    const found = await context.findStreamInfo();
    if (found < 0) throw await openError(path, found);
    return context;
  } catch (error) {
    await context.closeInput();
    throw error;
  } finally {
    options.free();
  }
}

/** Says in plain words why a path can't be read at all, before FFmpeg looks at it. */
export async function assertReadableFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  if (found.isDirectory()) {
    throw new MediaError('unreadable', path, 'is a folder; name a file in it');
  }
  if (found.isFile() && found.size === 0) {
    throw new MediaError('not-media', path, 'is empty; copy it again from where it was recorded');
  }
}

/** The error for what the file system said about an input. */
export function fileError(path: string, error: unknown): MediaError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new MediaError('not-found', path, 'no such file; check the name', { cause: error });
  }
  return new MediaError(
    'unreadable',
    path,
    `can't be read (${String(code)}); check its permissions and the disk`,
    { cause: error },
  );
}

async function openError(path: string, code: number): Promise<MediaError> {
  const detail = await recentFfmpegLines();
  const cause = FFmpegError.fromCode(code);
  const options = { detail, cause };
  if (code === AVERROR_EACCES) {
    return new MediaError('unreadable', path, "can't be read; check its permissions", options);
  }
  if (detail?.includes('moov atom not found') && (await startsLikeMov(path))) {
    return new MediaError(
      'truncated',
      path,
      'its index is missing, so the recording was cut off; copy it again, or repair it first',
      options,
    );
  }
  if (code === AVERROR_EOF) {
    return new MediaError('no-frames', path, 'ends before its first picture', options);
  }
  if (code === AVERROR_EINVAL && detail?.includes('whitelist')) {
    return new MediaError(
      'unsupported-container',
      path,
      'this container is not read; convert it to mp4, mkv, webm, mov, avi or ts first',
      options,
    );
  }
  if (code === AVERROR_INVALIDDATA) {
    return new MediaError('not-media', path, 'is not a video that can be read', options);
  }
  return new MediaError('unreadable', path, `can't be read: ${cause?.message ?? code}`, options);
}

/** FFmpeg takes a file named .mp4 for one whatever it holds. */
async function startsLikeMov(path: string): Promise<boolean> {
  await using file = await open(path);
  const head = Buffer.alloc(8);
  await file.read(head, 0, 8, 0);
  return /^(ftyp|moov|mdat|wide|free|skip|pnot)$/.test(head.toString('latin1', 4));
}
