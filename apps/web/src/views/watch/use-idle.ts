'use client';

import { useEffect, useState } from 'react';

const AFTER_MS = 3000;

/** True once nobody has touched anything for a while; never while `active` is false. */
export function useIdle(active: boolean): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    if (!active) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const touched = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => {
        setIdle(true);
      }, AFTER_MS);
    };
    touched();
    const events = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;
    for (const name of events) addEventListener(name, touched);
    return () => {
      clearTimeout(timer);
      setIdle(false);
      for (const name of events) removeEventListener(name, touched);
    };
  }, [active]);
  return idle;
}
