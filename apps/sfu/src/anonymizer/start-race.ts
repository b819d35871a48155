import { StreamAnonymizerError } from './errors.ts';

export interface StartLimits {
  readonly signal: AbortSignal | undefined;
  readonly limitMs: number;
}

/**
 * The first of: ready, the process's end, the time limit, the caller's signal.
 * @throws StreamAnonymizerError; the caller ends the process then
 */
export async function startRace<Ready>(
  ready: Promise<Ready>,
  ended: Promise<StreamAnonymizerError>,
  { signal, limitMs }: StartLimits,
): Promise<Ready> {
  const givenUp = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const message = `it was not ready after ${limitMs / 1000} s`;
    givenUp.reject(new StreamAnonymizerError('start-timeout', message));
  }, limitMs);
  const abort = (): void => {
    givenUp.reject(new StreamAnonymizerError('aborted', 'the caller gave up'));
  };
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  try {
    const died = ended.then((error) => Promise.reject(asStartError(error)));
    return await Promise.race([ready, died, givenUp.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function asStartError(error: StreamAnonymizerError): StreamAnonymizerError {
  if (error.reason !== 'crashed') return error;
  return new StreamAnonymizerError('start-failed', error.message, { cause: error });
}
