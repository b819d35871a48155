import type { ProcessRoot } from './processes.ts';
import { processesOf } from './processes.ts';

const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 1000;

export interface ProcessCpu {
  /** Group, then what the process is: `server mediasoup-worker`, `viewer renderer`. */
  readonly name: string;
  /** Mean share of one core. */
  readonly cores: number;
}

/** Watches what processes take, until it is asked. Those that start later count as well. */
export class CpuWatch {
  readonly #roots: readonly ProcessRoot[];
  readonly #first = new Map<string, number>();
  readonly #last = new Map<string, { readonly name: string; readonly ticks: number }>();
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(roots: readonly ProcessRoot[]) {
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
    for (const { group, pid, name, ticks } of processesOf(this.#roots)) {
      const key = `${group} ${pid}`;
      if (isFirst) this.#first.set(key, ticks);
      this.#last.set(key, { name: `${group} ${name}`, ticks });
    }
  }
}
