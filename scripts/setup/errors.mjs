/** A set-up step could not do its work; the message says what to do about it. */
export class SetupError extends Error {
  /**
   * @param {string} message what failed and what to do, in lines of plain text
   * @param {unknown} [cause]
   */
  constructor(message, cause) {
    super(message, { cause });
    this.name = 'SetupError';
  }
}

/** The user (or the machine) asked for an end: Ctrl-C, SIGTERM or SIGHUP. */
export class AbortedError extends Error {
  constructor() {
    super('Stopped by a signal.');
    this.name = 'AbortedError';
  }
}
