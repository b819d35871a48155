import type { Role } from '@drape/contract';

const pages = { administrator: 'admin', publisher: 'publish', viewer: 'watch' } as const;

/**
 * The page for a token. The token stands in the fragment: browsers send that to nobody, so it is in no
 * log of a server or a proxy.
 */
export function linkFor(origin: string, to: { role: Role; room?: string; token: string }): string {
  const room = to.room === undefined ? '' : `/${to.room}`;
  return `${origin}/${pages[to.role]}${room}#t=${to.token}`;
}
