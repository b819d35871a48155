'use client';

import { useState } from 'react';
import { ApiError, type ApiErrorCode } from '../api/client.ts';

/** One call at a time, made when the person asks for it. */
export function useAction<T>(call: () => Promise<T>, onDone: (result: T) => void) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiErrorCode>();
  const run = () => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    call()
      .then(onDone, (cause: unknown) => {
        setError(cause instanceof ApiError ? cause.code : 'internal');
      })
      .finally(() => {
        setBusy(false);
      });
  };
  return { busy, error, run };
}
