'use client';

import { useEffect } from 'react';

/** While live: the screen stays on, and the browser asks before the page is closed. */
export function useStay(live: boolean): void {
  useEffect(() => {
    if (!live) return undefined;
    let lock: WakeLockSentinel | undefined;
    const hold = () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
      // Refused on a low battery: nothing to do about it.
      navigator.wakeLock.request('screen').then(
        (sentinel) => {
          lock = sentinel;
        },
        () => undefined,
      );
    };
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    hold();
    // The browser releases it whenever the page is hidden.
    document.addEventListener('visibilitychange', hold);
    addEventListener('beforeunload', ask);
    return () => {
      document.removeEventListener('visibilitychange', hold);
      removeEventListener('beforeunload', ask);
      void lock?.release();
    };
  }, [live]);
}
