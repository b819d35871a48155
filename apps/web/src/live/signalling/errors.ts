import type { LiveErrorBody, LiveErrorCode } from '@drape/contract';

export type SignallingErrorReason =
  /** The server said no; `code` says why. */
  | 'refused'
  /** No answer in time. */
  | 'deadline'
  /** The connection is down, or went down before the answer came. */
  | 'disconnected'
  /** The answer has another shape than the contract's: reload the page. */
  | 'malformed-reply'
  /** This client was closed. */
  | 'closed';

/** Why a request to the server brought no answer. */
export class SignallingError extends Error {
  override readonly name = 'SignallingError';
  readonly reason: SignallingErrorReason;
  /** With `refused`. */
  readonly code: LiveErrorCode | undefined;
  /** The same request may succeed a little later. */
  readonly retryable: boolean;

  constructor(
    reason: SignallingErrorReason,
    message: string,
    options: { readonly refusal?: LiveErrorBody; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.code = options.refusal?.code;
    this.retryable =
      options.refusal?.retryable ?? (reason === 'deadline' || reason === 'disconnected');
  }
}
