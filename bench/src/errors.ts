export type BenchErrorReason =
  /** The command line can't be understood. */
  | 'bad-arguments'
  /** `../shared/data` is not there. */
  | 'data-missing'
  /** A peer can't be installed or started. */
  | 'peer-missing'
  /** A measured process failed. */
  | 'run-failed';

/** What stops a bench. The message says what to do. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
  readonly reason: BenchErrorReason;

  constructor(
    reason: BenchErrorReason,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.reason = reason;
  }
}
