'use client';

import { useCallback } from 'react';
import { RoomSession } from '../live/room-session.ts';
import { useOwned } from './use-owned.ts';

/** A session in the room while the component is there; undefined until it is opened. */
export function useRoomSession(token: string, room: string): RoomSession | undefined {
  return useOwned(useCallback(() => new RoomSession({ token, room }), [token, room]));
}
