import { networkInterfaces } from 'node:os';
import { isLoopback, type Config } from '../config/index.ts';

/**
 * Whether pages of an origin may talk to the server. Programs send no origin; they need a token all the same.
 * @param url the public origin
 * @param port that is listened on
 */
export function originGuard(
  { host, publicUrl, tls }: Config,
  url: string,
  port: number,
): (origin: string | undefined) => boolean {
  const allowed = new Set([url]);
  if (publicUrl === undefined) {
    const scheme = tls === undefined ? 'http' : 'https';
    for (const name of ownNames(host)) allowed.add(new URL(`${scheme}://${name}:${port}`).origin);
  }
  return (origin) => origin === undefined || allowed.has(origin);
}

/** Names under which a browser may have found a server that listens on `host`. */
function ownNames(host: string): string[] {
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  if (isLoopback(host)) return loopback;
  if (host !== '0.0.0.0' && host !== '::') return [];
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const named = addresses.map(({ address, family }) =>
    family === 'IPv6' ? `[${address.replace(/%.*/, '')}]` : address,
  );
  return [...loopback, ...named];
}
