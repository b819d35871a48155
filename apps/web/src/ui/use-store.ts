'use client';

import { useSyncExternalStore } from 'react';
import type { Store } from '../live/store.ts';

const NOTHING: Store<undefined> = { get: () => undefined, subscribe: () => () => undefined };

/** Follows a store; undefined while there is none. */
export function useStore<T>(store: Store<T> | undefined): T | undefined {
  const followed: Store<T | undefined> = store ?? NOTHING;
  return useSyncExternalStore(followed.subscribe, followed.get, () => undefined);
}
