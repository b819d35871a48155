/** Key in sessionStorage: a token lives as long as the tab, and no other tab gets it. */
const KEY = 'drape.token';

/** The token in an address's fragment (`#t=…`), or undefined. */
export function tokenInFragment(fragment: string): string | undefined {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('t');
  return token === null || token === '' ? undefined : token;
}

/**
 * Takes a token out of the address into the tab's storage, so that it is in no history entry,
 * no screenshot of the address bar and no copied link. Called before anything else reads it.
 */
export function adoptToken(): void {
  const token = tokenInFragment(location.hash);
  if (token === undefined) return;
  sessionStorage.setItem(KEY, token);
  history.replaceState(history.state, '', location.pathname + location.search);
}

export function storedToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

/**
 * Where an invite link that a person pasted leads on this server, or undefined if it is none.
 * Only path, query and token are taken: a link of another server opens nothing there.
 */
export function destinationOf(pasted: string): string | undefined {
  if (!URL.canParse(pasted.trim())) return undefined;
  const url = new URL(pasted.trim());
  if (tokenInFragment(url.hash) === undefined) return undefined;
  if (!/^\/(?:publish\/|watch\/|admin$)/.test(url.pathname)) return undefined;
  return url.pathname + url.search + url.hash;
}
