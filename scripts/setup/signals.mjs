/** @type {NodeJS.Signals[]} */
export const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Turns a signal into an abort, so that a step can end its child and the lock is given back.
 * @returns {{ abort: AbortSignal, received: () => NodeJS.Signals | undefined, release: () => void }}
 *   `release` gives the signals back to their default, for the program that runs next
 */
export function watchSignals() {
  const controller = new AbortController();
  /** @type {NodeJS.Signals | undefined} */
  let first;
  /** @param {NodeJS.Signals} signal */
  const onSignal = (signal) => {
    first ??= signal;
    controller.abort();
  };
  for (const signal of endings) process.on(signal, onSignal);
  return {
    abort: controller.signal,
    received: () => first,
    release() {
      for (const signal of endings) process.off(signal, onSignal);
    },
  };
}

/**
 * Ends this process the way a signal would, so that the caller's shell sees the signal.
 * @param {NodeJS.Signals} signal
 * @returns {Promise<never>}
 */
export function raise(signal) {
  process.kill(process.pid, signal);
  return new Promise(() => setTimeout(() => process.exit(1), 1000));
}
