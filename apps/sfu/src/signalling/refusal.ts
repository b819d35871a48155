import { LiveError, type LiveErrorBody, type Refusal } from '@drape/contract';
import type { Log } from '../log.ts';

/** What a client is told of an error; the cause of what it can't help stays in the log. */
export function bodyOf(error: unknown, log: Log): LiveErrorBody {
  if (error instanceof LiveError) {
    if (error.code === 'internal') log.error({ err: error }, 'a request failed by a defect');
    else log.debug({ code: error.code, detail: error.message }, 'a request was refused');
    return error.toBody();
  }
  log.error({ err: error }, 'a request failed by a defect');
  return new LiveError('internal', 'the server failed at this; its log says why').toBody();
}

export function refusalOf(error: unknown, log: Log): Refusal {
  return { ok: false, error: bodyOf(error, log) };
}
