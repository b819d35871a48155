import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second (USER_HZ). */
const TICK_MS = 10;

/** Fields of /proc/PID/stat after the command, which may hold spaces: the first one is state. */
function statFields(pid: number | string): number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}

/** Processor time so far of a process's threads, by their names, in milliseconds. */
export function threadsCpuMsOf(pid: number): Map<string, number> {
  const times = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const task = `${pid}/task/${thread}`;
    try {
      const name = readFileSync(`/proc/${task}/comm`, 'latin1').trim();
      const fields = statFields(task);
      const ms = ((fields[11] ?? 0) + (fields[12] ?? 0)) * TICK_MS;
      times.set(name, (times.get(name) ?? 0) + ms);
    } catch {
      // It ended meanwhile.
    }
  }
  return times;
}

/** Processor time of a process so far, in milliseconds. */
export function cpuMsOf(pid: number): number {
  const fields = statFields(pid);
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) * TICK_MS;
}

/** Processor time of children of this process that have ended, in milliseconds. */
export function cpuMsOfEnded(): number {
  const fields = statFields('self');
  return ((fields[13] ?? 0) + (fields[14] ?? 0)) * TICK_MS;
}

/** Processor time of this process, in milliseconds. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
