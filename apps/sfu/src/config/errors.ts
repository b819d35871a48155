/**
 * - `invalid`: a variable holds what it can't hold
 * - `conflict`: variables that go together contradict each other
 * - `unreadable`: a file that a variable names can't be read
 */
export type ConfigErrorReason = 'invalid' | 'conflict' | 'unreadable';

/** The configuration can't be used; the message names the variable and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly reason: ConfigErrorReason;

  constructor(reason: ConfigErrorReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
