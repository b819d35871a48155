import { setImmediate as nextTurn } from 'node:timers/promises';
import { AV_LOG_ERROR, AV_LOG_WARNING } from 'node-av/constants';
import { Log } from 'node-av/lib';

const KEPT_LINES = 8;
const MAX_LINE_CHARS = 200;
/**
 * What demuxers say when they skip bytes of a damaged file; they don't report it in any other
 * way (libavformat 62: matroskadec.c, mpegts.c).
 */
const DEMUX_DAMAGE = /EBML|master element|resync|PES packet size mismatch/;
const recent: string[] = [];
let damageLines = 0;
let installed = false;

/** Keeps FFmpeg off stdout and stderr and remembers its last errors. Idempotent. */
export function captureFfmpegLog(): void {
  if (installed) return;
  installed = true;
  Log.setLevel(AV_LOG_WARNING);
  Log.setCallback(
    (level, message) => {
      if (DEMUX_DAMAGE.test(message)) damageLines += 1;
      if (level > AV_LOG_ERROR) return;
      const line = message.trim().slice(0, MAX_LINE_CHARS);
      if (line === '') return;
      recent.push(line);
      if (recent.length > KEPT_LINES) recent.shift();
    },
    { maxLevel: AV_LOG_WARNING },
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

/**
 * How often a demuxer of this process has skipped damaged bytes so far. Complete for all calls
 * that have returned.
 */
export async function demuxDamageLines(): Promise<number> {
  await nextTurn();
  return damageLines;
}
