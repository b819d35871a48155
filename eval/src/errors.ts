export type EvalErrorReason =
  /** `../shared/data` (or a file of it) is not there. Exit code 2. */
  | 'data-missing'
  /** The command line can't be understood. Exit code 2. */
  | 'bad-arguments'
  /** A ground truth file is not what its reader expects. */
  | 'truth-invalid'
  /** A picture can't be decoded by the judge. */
  | 'decode-failed'
  /** The output holds frames that the source does not. */
  | 'extra-frames'
  /** The output has another size than the source: boxes would be judged in the wrong place. */
  | 'size-changed'
  /** A live clip could not be published and watched. */
  | 'probe-failed';

/** What stops an evaluation. The message names the file and what to do. */
export class EvalError extends Error {
  override readonly name = 'EvalError';
  readonly reason: EvalErrorReason;

  constructor(
    reason: EvalErrorReason,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.reason = reason;
  }
}
