/** Parts of a request that say where it came from. */
export interface Origin {
  /** Of the connection itself. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Whose requests are counted together. Behind a proxy of ours that is the last entry of X-Forwarded-For,
 * the one that the proxy itself wrote; the ones before it are the client's own words.
 */
export function clientAddress({ address, headers }: Origin, trustProxy: boolean): string {
  if (!trustProxy) return address;
  const given = headers['x-forwarded-for'];
  const last = (Array.isArray(given) ? given.at(-1) : given)?.split(',').at(-1)?.trim();
  return last === undefined || last === '' ? address : last;
}
