'use client';

import { useEffect, useState } from 'react';
import type { RoomSession } from '../../live/room-session.ts';
import { Viewer } from '../../live/watch/viewer.ts';

/** Watches the session's room while the component is there and `wanted` holds. */
export function useViewer(session: RoomSession, wanted: boolean): Viewer | undefined {
  const [viewer, setViewer] = useState<Viewer>();
  useEffect(() => {
    if (!wanted) return undefined;
    const opened = new Viewer(session.signalling);
    const off = session.on('joined', ({ joined, resumed }) => {
      if (!resumed || !opened.transport) void opened.start(joined.roomCapabilities);
    });
    const joined = session.joined.get();
    const up = session.signalling.connection.get().type === 'up';
    if (joined && up) void opened.start(joined.roomCapabilities);
    setViewer(opened);
    return () => {
      off();
      opened.close();
      setViewer(undefined);
    };
  }, [session, wanted]);
  return viewer;
}
