'use client';

import { useCallback, useEffect, useState } from 'react';
import { ApiError, type ApiErrorCode } from '../api/client.ts';

export interface Repeated<T> {
  /** The last good answer. */
  readonly value: T | undefined;
  /** Why the last call brought none. */
  readonly error: ApiErrorCode | undefined;
  /** Calls again at once, after something was changed. */
  readonly again: () => void;
}

/** Asks again and again, one call at a time, while the component is there and the page is seen. */
export function useRepeated<T>(ask: () => Promise<T>, everyMs: number): Repeated<T> {
  const [answer, setAnswer] = useState<Omit<Repeated<T>, 'again'>>({
    value: undefined,
    error: undefined,
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async () => {
      if (document.visibilityState === 'visible') {
        try {
          const value = await ask();
          if (!over) setAnswer({ value, error: undefined });
        } catch (cause) {
          const error = cause instanceof ApiError ? cause.code : 'internal';
          if (!over) setAnswer((before) => ({ value: before.value, error }));
        }
      }
      if (!over) timer = setTimeout(() => void run(), everyMs);
    };
    void run();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [ask, everyMs, round]);
  const again = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  return { ...answer, again };
}
