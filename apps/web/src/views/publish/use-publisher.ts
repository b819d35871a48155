'use client';

import { useCallback, useEffect } from 'react';
import { Publisher, type PublisherTerms } from '../../live/publish/publisher.ts';
import type { RoomSession } from '../../live/room-session.ts';
import type { LocalSource } from '../../live/sources/source.ts';
import { useOwned } from '../use-owned.ts';

/** A publisher while the component is there. Terms must not change while it is live. */
export function usePublisher(
  session: RoomSession,
  terms: PublisherTerms,
  source: LocalSource | undefined,
): Publisher | undefined {
  const publisher = useOwned(useCallback(() => new Publisher(session), [session]));
  useEffect(() => {
    publisher?.configure(terms);
  }, [publisher, terms]);
  useEffect(() => {
    publisher?.setSource(source);
  }, [publisher, source]);
  return publisher;
}
