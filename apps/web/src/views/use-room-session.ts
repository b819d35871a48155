'use client';

import { useEffect, useState } from 'react';
import { RoomSession } from '../live/room-session.ts';

/** A session in the room while the component is there; undefined until it is opened. */
export function useRoomSession(token: string, room: string): RoomSession | undefined {
  const [session, setSession] = useState<RoomSession>();
  useEffect(() => {
    const opened = new RoomSession({ token, room });
    setSession(opened);
    return () => {
      opened.close();
      setSession(undefined);
    };
  }, [token, room]);
  return session;
}
