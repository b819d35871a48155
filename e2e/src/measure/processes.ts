import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';

export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** What it is for: `mediasoup-worker`, `renderer`, `child/main.ts`. */
  readonly name: string;
  /** Processor time, in hundredths of a second. */
  readonly ticks: number;
  /** When it started, in hundredths of a second; ids wrap around, and tell nothing of age. */
  readonly startTicks: number;
}

/** A root of a tree of processes: by its id, or by a word on its command line. */
export interface ProcessRoot {
  readonly group: string;
  readonly pid?: number;
  readonly marked?: string;
}

/** A process below a root. */
export type Rooted = ProcessFacts & { readonly group: string };

/** The processes of all trees, once for each group that holds them. */
export function processesOf(roots: readonly ProcessRoot[]): Rooted[] {
  const all = allProcesses();
  const children = Map.groupBy(all, (one) => one.parent);
  return roots.flatMap((root) => {
    const open = all.filter((one) =>
      root.pid === undefined ? isMarked(one.pid, root.marked ?? '') : one.pid === root.pid,
    );
    const seen = new Map<number, Rooted>();
    for (let one = open.pop(); one; one = open.pop()) {
      if (seen.has(one.pid)) continue;
      seen.set(one.pid, { ...one, group: root.group });
      open.push(...(children.get(one.pid) ?? []));
    }
    return [...seen.values()];
  });
}

/** Ids of a process's descendants whose name has this word in it, the oldest first. */
export function descendants(pid: number, word: string): number[] {
  return processesOf([{ group: '', pid }])
    .filter((one) => one.pid !== pid && one.name.includes(word))
    .sort((a, b) => a.startTicks - b.startTicks)
    .map((one) => one.pid);
}

function allProcesses(): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const stat = read(`/proc/${entry}/stat`);
      // The command, in brackets, may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields.length < 20) return [];
      return [
        {
          pid: Number(entry),
          parent: Number(fields[1]),
          name: nameOf(entry),
          ticks: Number(fields[11]) + Number(fields[12]),
          startTicks: Number(fields[19]),
        },
      ];
    });
}

/** A file of /proc; empty where the process is gone. */
export function read(path: string): string {
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
