import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';

const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 1000;

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly ticks: number;
}

export interface ProcessCpu {
  /** Group, then what the process is: `server mediasoup-worker`, `viewer renderer`. */
  readonly name: string;
  /** Mean share of one core. */
  readonly cores: number;
}

/** A root of a tree of processes: by its id, or by a word on its command line. */
export interface CpuRoot {
  readonly group: string;
  readonly pid?: number;
  readonly marked?: string;
}

/** Watches what processes take, until it is asked. Those that start later count as well. */
export class CpuWatch {
  readonly #roots: readonly CpuRoot[];
  readonly #first = new Map<string, number>();
  readonly #last = new Map<string, { readonly name: string; readonly ticks: number }>();
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(roots: readonly CpuRoot[]) {
    this.#roots = roots;
    this.#sample(true);
    this.#timer = setInterval(() => {
      this.#sample(false);
    }, SAMPLE_MS);
  }

  /** Largest first; processes below a hundredth of a core are left out. */
  stop(): readonly ProcessCpu[] {
    clearInterval(this.#timer);
    this.#sample(false);
    const elapsedS = (performance.now() - this.#startedAt) / 1000;
    const byName = new Map<string, number>();
    for (const [key, { name, ticks }] of this.#last) {
      const cores = (ticks - (this.#first.get(key) ?? 0)) / TICKS_PER_SECOND / elapsedS;
      byName.set(name, (byName.get(name) ?? 0) + cores);
    }
    return [...byName]
      .map(([name, cores]) => ({ name, cores: Math.round(cores * 1000) / 1000 }))
      .filter(({ cores }) => cores >= 0.01)
      .sort((a, b) => b.cores - a.cores);
  }

  #sample(isFirst: boolean): void {
    const all = allProcesses();
    const children = Map.groupBy(all, (one) => one.parent);
    for (const root of this.#roots) {
      const open = all.filter((one) =>
        root.pid === undefined ? isMarked(one.pid, root.marked ?? '') : one.pid === root.pid,
      );
      const seen = new Set<number>();
      for (let one = open.pop(); one; one = open.pop()) {
        if (seen.has(one.pid)) continue;
        seen.add(one.pid);
        const key = `${root.group} ${one.pid}`;
        if (isFirst) this.#first.set(key, one.ticks);
        this.#last.set(key, { name: `${root.group} ${one.name}`, ticks: one.ticks });
        open.push(...(children.get(one.pid) ?? []));
      }
    }
  }
}

/** Ids of a process's descendants whose name has this word in it. */
export function descendants(pid: number, word: string): number[] {
  const children = Map.groupBy(allProcesses(), (one) => one.parent);
  const found: number[] = [];
  const open = [...(children.get(pid) ?? [])];
  for (let one = open.pop(); one; one = open.pop()) {
    if (one.name.includes(word)) found.push(one.pid);
    open.push(...(children.get(one.pid) ?? []));
  }
  return found;
}

function allProcesses(): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const stat = read(`/proc/${entry}/stat`);
      // The command, in brackets, may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields.length < 14) return [];
      const ticks = Number(fields[11]) + Number(fields[12]);
      return [{ pid: Number(entry), parent: Number(fields[1]), name: nameOf(entry), ticks }];
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function isMarked(pid: number, word: string): boolean {
  return read(`/proc/${pid}/cmdline`).split('\0').includes(word);
}

/** What a process is for: the kind of a Chromium process, the script of a Node process. */
function nameOf(pid: string): string {
  // Chromium's own children write theirs as one text.
  const [program = '', ...args] = read(`/proc/${pid}/cmdline`).split(/[\0 ]/);
  const kind = args.find((arg) => arg.startsWith('--type='))?.slice('--type='.length);
  const service = args.find((arg) => arg.startsWith('--utility-sub-type='));
  if (service) return service.slice('--utility-sub-type='.length).split('.')[0] ?? 'utility';
  if (kind) return kind;
  if (basename(program).startsWith('chromium')) return 'browser';
  const script = args.find((arg) => /\.(?:[cm]?[jt]s)$/.test(arg));
  return script ? script.split('/').slice(-2).join('/') : basename(program);
}
