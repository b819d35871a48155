import { readFile, readdir } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

export interface MachineFacts {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly kernel: string;
}

/** What a figure was measured on; no name of the machine. */
export function machineFacts(): MachineFacts {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    kernel: `${process.platform} ${release()}`,
  };
}

export interface Surroundings {
  /** Load average of the last minute. */
  readonly load: number;
  /** Other processes that took CPU in the last half second: name and share of one core. */
  readonly others: readonly { readonly name: string; readonly cores: number }[];
}

const LOOK_MS = 500;
const TICKS_PER_SECOND = 100;
const WORTH_NAMING = 0.1;

/** CPU ticks by process, without our own; empty where there is no /proc. */
async function ticksByProcess(): Promise<Map<string, { name: string; ticks: number }>> {
  const found = new Map<string, { name: string; ticks: number }>();
  const entries = await readdir('/proc').catch(() => []);
  for (const pid of entries.filter((entry) => /^\d+$/.test(entry))) {
    if (Number(pid) === process.pid) continue;
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const name = /\((.*)\)/.exec(stat)?.[1];
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // utime and stime, fields 14 and 15 of proc(5).
    if (name !== undefined)
      found.set(pid, { name, ticks: Number(fields[11]) + Number(fields[12]) });
  }
  return found;
}

/** How busy the machine is with other things: read before and after every bench. */
export async function lookAround(): Promise<Surroundings> {
  const before = await ticksByProcess();
  await wait(LOOK_MS);
  const after = await ticksByProcess();
  const others = [...after]
    .map(([pid, { name, ticks }]) => ({
      name,
      cores: (ticks - (before.get(pid)?.ticks ?? ticks)) / TICKS_PER_SECOND / (LOOK_MS / 1000),
    }))
    .filter((one) => one.cores >= WORTH_NAMING)
    .sort((a, b) => b.cores - a.cores)
    .slice(0, 8);
  return { load: loadavg()[0] ?? 0, others };
}

/** For people: `load 0.4, beside it: python3 1.8 cores`. */
export function describe(surroundings: Surroundings): string {
  const others = surroundings.others.map((one) => `${one.name} ${one.cores.toFixed(1)}`).join(', ');
  const load = `load ${surroundings.load.toFixed(2)}`;
  return others === '' ? `${load}, nothing else ran` : `${load}, cores taken by others: ${others}`;
}
