'use client';

import { useEffect, useState } from 'react';

/**
 * What `open` gives while the component is there, undefined until then; closed with it, and opened
 * anew for another `open`: give it through useCallback.
 */
export function useOwned<T extends { close(): void }>(open: () => T): T | undefined {
  const [owned, setOwned] = useState<T>();
  useEffect(() => {
    const opened = open();
    setOwned(opened);
    return () => {
      opened.close();
      setOwned(undefined);
    };
  }, [open]);
  return owned;
}
