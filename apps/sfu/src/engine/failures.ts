import { LiveError, type LiveErrorCode } from '@drape/contract';

/**
 * Runs a call to mediasoup and turns what it throws into an error of the contract: what it refuses
 * is the client's doing, a closed channel is a worker that died meanwhile.
 */
export async function media<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof LiveError) throw cause;
    const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
    throw new LiveError(codeOf(name), `${doing}: ${message}`.slice(0, 500), { cause });
  }
}

function codeOf(errorName: string): LiveErrorCode {
  switch (errorName) {
    case 'WorkerClosedError':
    case 'InvalidStateError':
      return 'media-unavailable';
    case 'NotFoundError':
      return 'not-found';
    default:
      // TypeError, UnsupportedError, or refused by the worker (an SSRC or MID that is taken).
      return 'unsupported-media';
  }
}
