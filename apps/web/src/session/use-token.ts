'use client';

import { useSyncExternalStore } from 'react';
import { adoptToken, forgetToken, storedToken } from './token.ts';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  const adopt = () => {
    adoptToken();
    listener();
  };
  // A second link pasted into the same tab changes the fragment only: no page load.
  addEventListener('hashchange', adopt);
  listeners.add(listener);
  return () => {
    removeEventListener('hashchange', adopt);
    listeners.delete(listener);
  };
}

function current(): string | null {
  adoptToken();
  return storedToken() ?? null;
}

/** The tab's token; null: it has none; undefined: not known yet (before the page runs). */
export function useToken(): string | null | undefined {
  return useSyncExternalStore<string | null | undefined>(subscribe, current, () => undefined);
}

/** Forgets the tab's token and tells every component that follows it. */
export function signOut(): void {
  forgetToken();
  for (const listener of [...listeners]) listener();
}
