import { setImmediate as nextTurn } from 'node:timers/promises';
import { AV_LOG_ERROR } from 'node-av/constants';
import { Log } from 'node-av/lib';

const KEPT_LINES = 8;
const MAX_LINE_CHARS = 200;
const recent: string[] = [];
let installed = false;

/** Keeps FFmpeg off stdout and stderr and remembers its last errors. Idempotent. */
export function captureFfmpegLog(): void {
  if (installed) return;
  installed = true;
  Log.setLevel(AV_LOG_ERROR);
  Log.setCallback(
    (_level, message) => {
      const line = message.trim().slice(0, MAX_LINE_CHARS);
      if (line === '') return;
      recent.push(line);
      if (recent.length > KEPT_LINES) recent.shift();
    },
    { maxLevel: AV_LOG_ERROR },
  );
}

/** Forgets what other files left behind. */
export function clearFfmpegLines(): void {
  recent.length = 0;
}

/** The last errors that FFmpeg logged, oldest first, or undefined where there were none. */
export async function recentFfmpegLines(): Promise<string | undefined> {
  // Lines come from FFmpeg's threads through the event loop: let those on their way arrive.
  await nextTurn();
  return recent.length > 0 ? recent.join('\n') : undefined;
}
