'use client';

import { useCallback, useSyncExternalStore, type RefObject } from 'react';

function subscribe(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener);
  return () => {
    document.removeEventListener('fullscreenchange', listener);
  };
}

/** Full screen of one element; not possible on iPhones, where only a bare video may have it. */
export function useFullscreen(box: RefObject<HTMLElement | null>) {
  const on = useSyncExternalStore(
    subscribe,
    () => document.fullscreenElement !== null,
    () => false,
  );
  const possible = useSyncExternalStore(
    subscribe,
    () => document.fullscreenEnabled,
    () => false,
  );
  const toggle = useCallback(() => {
    // Refused without a gesture of the person: then the page simply stays as it is.
    const done = document.fullscreenElement
      ? document.exitFullscreen()
      : box.current?.requestFullscreen();
    done?.catch(() => undefined);
  }, [box]);
  return { on, possible, toggle };
}
