export const SOURCE_KINDS = ['camera', 'screen', 'file', 'sample'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Something that films: a raw track, which goes to the page's anonymizer or to the ingest only. */
export interface LocalSource {
  readonly kind: SourceKind;
  readonly track: MediaStreamTrack;
  /** The picture ended by itself: unplugged, no longer shared. Returns what takes the listener off. */
  readonly onEnded: (listener: () => void) => () => void;
  /** Idempotent. Gives the device back. */
  readonly stop: () => void;
}

export type SourceErrorReason =
  /** The page was opened by plain HTTP from another machine: browsers give no camera to it. */
  | 'insecure-context'
  /** The person, or the system, said no. */
  | 'permission-denied'
  /** There is no camera, or the chosen one is gone. */
  | 'no-device'
  /** Another program holds the camera. */
  | 'device-busy'
  /** The person closed the choice of a screen. */
  | 'cancelled'
  /** The browser cannot do this. */
  | 'unsupported'
  /** The browser cannot play this file. */
  | 'unreadable-file'
  /** Something else; `cause` has it. */
  | 'unknown';

export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly reason: SourceErrorReason;

  constructor(reason: SourceErrorReason, cause?: unknown) {
    super(`the source did not open: ${reason}`, { cause });
    this.reason = reason;
  }
}

/** What getUserMedia and getDisplayMedia reject with, by name (W3C mediacapture-streams, 10). */
export function sourceReason(kind: SourceKind, errorName: string): SourceErrorReason {
  switch (errorName) {
    case 'NotAllowedError':
      return kind === 'screen' ? 'cancelled' : 'permission-denied';
    case 'SecurityError':
      return 'permission-denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no-device';
    case 'NotReadableError':
    case 'AbortError':
      return 'device-busy';
    case 'NotSupportedError':
    case 'TypeError':
      return 'unsupported';
    default:
      return 'unknown';
  }
}

/** A source of the first video track of a stream; `release` gives back what is behind it. */
export function sourceOf(kind: SourceKind, stream: MediaStream, release?: () => void): LocalSource {
  const [track] = stream.getVideoTracks();
  if (!track) throw new SourceError('no-device');
  return {
    kind,
    track,
    onEnded: (listener) => {
      track.addEventListener('ended', listener);
      return () => {
        track.removeEventListener('ended', listener);
      };
    },
    stop: () => {
      for (const each of stream.getTracks()) each.stop();
      release?.();
    },
  };
}
