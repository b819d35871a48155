export type StreamAnonymizerErrorReason =
  /** The options name a codec, profile or style that there is not. */
  | 'bad-options'
  /** A detector that the profile requires can't be opened: `npm run setup` brings its weights. */
  | 'missing-detector'
  /** The process did not become ready in time. */
  | 'start-timeout'
  /** The process ended before it was ready. */
  | 'start-failed'
  /** The caller gave up. */
  | 'aborted'
  /** The process ended by itself. */
  | 'crashed'
  /** The process stopped answering and was killed. */
  | 'hung'
  /** The process took more memory than it may and was killed. */
  | 'out-of-memory'
  /** It sent something that is no message of this protocol, and was killed. */
  | 'bad-message';

/** Why a stream's anonymizer could not start, or ended. Carries no content of the stream. */
export class StreamAnonymizerError extends Error {
  override readonly name = 'StreamAnonymizerError';
  readonly reason: StreamAnonymizerErrorReason;

  constructor(
    reason: StreamAnonymizerErrorReason,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.reason = reason;
  }
}
