import type { ServerResponse } from 'node:http';
import { LiveError } from '@drape/contract';
import type { Log } from '../log.ts';

export function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

/** Turns whatever was thrown into an answer; only a LiveError's words leave the server. */
export function sendError(response: ServerResponse, thrown: unknown, log: Log): void {
  const error = thrown instanceof LiveError ? thrown : internal(thrown, log);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error.retryAfterMs !== undefined) {
    response.setHeader('Retry-After', Math.ceil(error.retryAfterMs / 1000));
  }
  if (error.httpStatus === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  // The rest of a body that nobody reads must not be taken for the next request.
  if (error.code === 'too-large' || error.code === 'malformed') response.shouldKeepAlive = false;
  sendJson(response, error.httpStatus, { error: error.toBody() });
}

/** Answers 405: the address is there, but not for this. */
export function refuseMethod(response: ServerResponse, allowed: readonly string[]): void {
  response.setHeader('Allow', allowed.join(', '));
  const error = new LiveError('malformed', `This address takes ${allowed.join(', ')}.`);
  response.shouldKeepAlive = false;
  sendJson(response, 405, { error: error.toBody() });
}

function internal(cause: unknown, log: Log): LiveError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNRESET') {
    return new LiveError('malformed', 'The request ended early.', { cause });
  }
  log.error({ err: cause }, 'request failed');
  return new LiveError('internal', 'The server failed at this request; its log says why.', {
    cause,
  });
}
