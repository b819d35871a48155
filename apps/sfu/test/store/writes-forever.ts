// Writes state after state and says each one that is durable, until it is killed.
import { openFileStore } from '../../src/store/index.ts';

const store = openFileStore(process.argv[2] ?? '');
const title = 'x'.repeat(200_000);
for (let n = store.state.rooms.length; ; n += 1) {
  const room = { id: `room-${n}`, title, createdAt: '2026-01-01T00:00:00.000Z' };
  // Ever another size, so that a torn write could not look whole.
  await store.update((state) => ({ ...state, rooms: [...state.rooms, room].slice(-20) }));
  process.send?.(room.id);
}
