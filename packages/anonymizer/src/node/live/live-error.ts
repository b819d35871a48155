export type LiveErrorReason =
  /** FFmpeg lacks the codec, or refuses to open it. */
  | 'codec'
  /** The encoder failed on a picture. */
  | 'encode'
  /** A stage was used after it was closed. */
  | 'closed';

/** A live stage that can't go on. Carries no content of the stream. */
export class LiveError extends Error {
  override readonly name = 'LiveError';
  readonly reason: LiveErrorReason;

  constructor(reason: LiveErrorReason, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.reason = reason;
  }
}
