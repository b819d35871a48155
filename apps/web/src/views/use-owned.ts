'use client';

import { useEffect, useState } from 'react';

/** Something that is opened for `of`, and closed with the component. `open` must stay the same. */
export function useOwned<O, T extends { close(): void }>(of: O, open: (of: O) => T): T | undefined {
  const [owned, setOwned] = useState<T>();
  useEffect(() => {
    const opened = open(of);
    setOwned(opened);
    return () => {
      opened.close();
      setOwned(undefined);
    };
  }, [of, open]);
  return owned;
}
