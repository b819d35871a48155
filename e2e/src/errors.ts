export type ProbeErrorReason =
  /** The command line can't be understood. Exit code 2. */
  | 'bad-arguments'
  /** The clip can't be read, or not by a fake camera. Exit code 2. */
  | 'clip-unusable'
  /** The browser is not installed. Exit code 2. */
  | 'browser-missing'
  /** The servers did not come up, or ended while they were needed. */
  | 'servers-failed'
  /** A page did not reach the state that was waited for. */
  | 'page-failed'
  /** What the viewer showed could not be recorded. */
  | 'recording-failed';

/** What stops a probe. The message names the part and what to do. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly reason: ProbeErrorReason;

  constructor(
    reason: ProbeErrorReason,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.reason = reason;
  }
}
