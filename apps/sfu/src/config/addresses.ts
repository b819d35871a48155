import { networkInterfaces } from 'node:os';

const everywhere = new Set(['0.0.0.0', '::']);

/** Whether only this machine reaches the address or name. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').replace(/^::ffff:/i, '');
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

/** The address that browsers should send media to when the server listens on `host`. */
export function announcedAddress(host: string, interfaces = networkInterfaces()): string {
  if (host === 'localhost') return '127.0.0.1';
  if (!everywhere.has(host)) return host;
  const addresses = Object.values(interfaces).flatMap((found) => found ?? []);
  return addresses.find((one) => one.family === 'IPv4' && !one.internal)?.address ?? '127.0.0.1';
}

/** A host as it stands in a URL; one that means every address is named by this machine's own. */
export function urlHost(host: string): string {
  const named = everywhere.has(host) ? announcedAddress(host) : host;
  return named.includes(':') ? `[${named}]` : named;
}
