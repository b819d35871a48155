import type { IncomingMessage } from 'node:http';
import { LiveError } from '@drape/contract';
import { isLoopback } from '../config/index.ts';

/** Also false for what a proxy on this machine passes on for others. */
export function isFromHere({ socket, headers }: IncomingMessage): boolean {
  const isForwarded = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'].some(
    (name) => headers[name] !== undefined,
  );
  return !isForwarded && isLoopback(socket.remoteAddress ?? '');
}

/** @throws LiveError `malformed` */
export function pathOf({ url = '' }: IncomingMessage): string {
  // "//host/path" and "http://host/path" would be another server's.
  if (!/^\/(?!\/)/.test(url) || !URL.canParse(url, 'http://here')) {
    throw new LiveError('malformed', 'The address of the request is not a path.');
  }
  return new URL(url, 'http://here').pathname;
}
