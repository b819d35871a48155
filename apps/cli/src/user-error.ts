import { EXIT } from './exit-codes.ts';

/** A command that can't be carried out as asked. The message says what to do; no stack is shown. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: number;

  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? EXIT.usage;
  }
}
