/**
 * Why a file could not be read or written. Every reason is final for that file: nothing is
 * retried, and no partial output stays behind.
 */
export type MediaErrorReason =
  /** There is no file of that name. */
  | 'not-found'
  /** The file is there but can't be opened: no permission, a directory, a device that fails. */
  | 'unreadable'
  /** The content is neither a video nor a picture that is known here. */
  | 'not-media'
  /** The file ends before the part that is needed to play it at all (an mp4 without its index). */
  | 'truncated'
  /** A media file without a video stream: audio only, subtitles only. */
  | 'no-video'
  /** There is a video stream, but not one picture could be decoded from it. */
  | 'no-frames'
  /** Compressed in a way that is not read here. */
  | 'unsupported-codec'
  /** A container or picture format that is not read, or an output name that is not written. */
  | 'unsupported-container'
  /** Pictures beyond 8192×8192. */
  | 'too-large'
  /** So damaged that nothing trustworthy is left of it. */
  | 'damaged'
  /** The output can't be created or written: folder missing, no permission, read-only disk. */
  | 'unwritable'
  /** The disk of the output is full. */
  | 'disk-full'
  /** The caller gave up. */
  | 'aborted'
  /** The decoder, encoder or muxer failed in a way that has no name of its own. */
  | 'failed';

/** A file that can't be read or written. The message names the file and what to do. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
  readonly reason: MediaErrorReason;
  /** The file that it is about, as the caller named it. */
  readonly path: string;
  /** The last lines that FFmpeg logged. They never hold picture content. */
  readonly detail: string | undefined;

  constructor(
    reason: MediaErrorReason,
    path: string,
    text: string,
    options: { readonly detail?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(`${path}: ${text}`, { cause: options.cause });
    this.reason = reason;
    this.path = path;
    this.detail = options.detail;
  }
}

/** The error that an aborted job ends with. */
export function abortedError(path: string, signal: AbortSignal): MediaError {
  return new MediaError('aborted', path, 'stopped before it was complete', {
    cause: signal.reason,
  });
}

/** Any error as a MediaError; those that are one already stay as they are. */
export function asMediaError(path: string, error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new MediaError('failed', path, text, { cause: error });
}
