import type { ProcessRoot } from './processes.ts';
import { processesOf, read } from './processes.ts';
import { percentile } from './percentile.ts';

const SAMPLE_MS = 5000;
const BYTES_PER_KIB = 1024;

export interface MemorySample {
  readonly atMs: number;
  /**
   * By group and purpose, `publisher renderer`: bytes of the largest process of this kind, its own and
   * its part of what is shared. A spare that stands by is none that has grown.
   */
  readonly bytes: ReadonlyMap<string, number>;
}

/** Watches what processes hold in memory, until it is asked. */
export class MemoryWatch {
  readonly #roots: readonly ProcessRoot[];
  readonly #samples: MemorySample[] = [];
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(roots: readonly ProcessRoot[]) {
    this.#roots = roots;
    this.#timer = setInterval(() => {
      this.#sample();
    }, SAMPLE_MS);
  }

  /** Milliseconds since it began. */
  get nowMs(): number {
    return performance.now() - this.#startedAt;
  }

  stop(): readonly MemorySample[] {
    clearInterval(this.#timer);
    return this.#samples;
  }

  #sample(): void {
    const bytes = new Map<string, number>();
    for (const { group, name, pid } of processesOf(this.#roots)) {
      const key = `${group} ${name}`;
      bytes.set(key, Math.max(bytes.get(key) ?? 0, proportionalBytes(pid)));
    }
    this.#samples.push({ atMs: this.nowMs, bytes });
  }
}

/** Proportional set size: pages that n processes share count for an nth in each (proc(5)). */
function proportionalBytes(pid: number): number {
  const kib = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return Number(kib ?? 0) * BYTES_PER_KIB;
}

/** What each kind of process held at the end of a stretch of samples: medians of its last third, bytes. */
export function heldAtEnd(samples: readonly MemorySample[]): Map<string, number> {
  return medians(samples.slice(-Math.ceil(samples.length / 3)));
}

function medians(samples: readonly MemorySample[]): Map<string, number> {
  const names = new Set(samples.flatMap(({ bytes }) => [...bytes.keys()]));
  const median = (name: string): number =>
    percentile(
      samples.flatMap(({ bytes }) => bytes.get(name) ?? []),
      0.5,
    ) ?? 0;
  return new Map([...names].map((name) => [name, median(name)]));
}
