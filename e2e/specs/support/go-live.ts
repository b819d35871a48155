import type { Side } from '../../src/probe/stage.ts';
import type { Room, Stage } from './stage.ts';

export interface Live {
  readonly room: Room;
  readonly publisher: Side;
  readonly viewer: Side;
}

/** Opens a room, publishes into it, and watches it once it is live; `auto` begins at the edge. */
export async function goLive(stage: Stage, where: 'edge' | 'server' | 'auto'): Promise<Live> {
  const room = await stage.room({ mode: where });
  const mode = where === 'auto' ? 'edge' : where;
  const publisher = await stage.publisher();
  await publisher.goto(room.publish);
  await publisher.untilState(mode);
  const viewer = await stage.viewer();
  await viewer.goto(room.watch);
  await viewer.untilState(mode);
  return { room, publisher, viewer };
}
