import type { LiveErrorCode, RoomState, SessionEndReason, StateCause } from '@drape/contract';
import type { Connection } from '../signalling/client.ts';

/** What stands in place of the picture, or over it. */
export type Slate =
  | { readonly type: 'none' }
  | { readonly type: 'connecting' }
  | { readonly type: 'reconnecting' }
  /** Covered by the room, for a cause that passes. */
  | { readonly type: 'covered'; readonly cause: StateCause | undefined }
  | { readonly type: 'off'; readonly cause: StateCause | undefined }
  /** The room is live, the first picture is not here yet. */
  | { readonly type: 'opening' }
  /** The room is live, in a format that this browser does not decode. */
  | { readonly type: 'unplayable' }
  /** Pictures stopped coming. */
  | { readonly type: 'stalled' }
  | { readonly type: 'ended'; readonly reason: SessionEndReason }
  | { readonly type: 'refused'; readonly code: LiveErrorCode };

/** Milliseconds without a picture: a hitch below it is not worth a word. */
export const STALL_MS = 1000;

/** Decides what a viewer sees. Pure. Unknown is covered: only a live room with fresh frames is bare. */
export function slateOf(facts: {
  readonly connection: Connection;
  readonly room: RoomState | undefined;
  readonly hasPicture: boolean;
  readonly unplayable: boolean;
  /** Time of the last frame that was shown, on the clock of `nowMs`. */
  readonly lastFrameMs: number | undefined;
  readonly nowMs: number;
}): Slate {
  const { connection, room, hasPicture, unplayable, lastFrameMs, nowMs } = facts;
  if (connection.type === 'ended') return { type: 'ended', reason: connection.reason };
  if (connection.type === 'refused') return { type: 'refused', code: connection.error.code };
  const fresh = hasPicture && lastFrameMs !== undefined && nowMs - lastFrameMs < STALL_MS;
  if (connection.type !== 'up') {
    // Media goes on for a while without signalling; what comes is what the room lets through.
    if (fresh && room?.live === true) return { type: 'none' };
    return { type: room || isBack(connection) ? 'reconnecting' : 'connecting' };
  }
  if (!room) return { type: 'connecting' };
  if (room.mode === 'off') return { type: 'off', cause: room.cause };
  if (room.mode === 'covered') return { type: 'covered', cause: room.cause };
  if (unplayable) return { type: 'unplayable' };
  if (!hasPicture) return { type: 'opening' };
  return fresh ? { type: 'none' } : { type: 'stalled' };
}

function isBack(connection: Connection): boolean {
  return connection.type === 'connecting' && connection.lostBefore;
}
