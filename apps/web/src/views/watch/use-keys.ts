'use client';

import { useEffect, useRef } from 'react';

type Keys = Readonly<Record<string, () => void>>;

/** Single-key shortcuts; not while typing, and not with a modifier, which is the browser's. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  }, [keys]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const typing = 'input, select, textarea, [contenteditable]';
      if (event.target instanceof Element && event.target.closest(typing)) return;
      const act = current.current[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', pressed);
    return () => {
      removeEventListener('keydown', pressed);
    };
  }, []);
}
