import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of the media workers that this process has started (Linux). */
export function workerPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        // "pid (name) state parent …"; the kernel cuts names at 15 characters.
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return /^\d+ \(mediasoup-worke\) \S (\d+)/.exec(stat)?.[1] === String(process.pid);
      } catch {
        return false;
      }
    })
    .map(Number);
}
