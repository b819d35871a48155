import { median } from './statistics.ts';

interface Lap {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * Adds up what named stages take. CPU time is that of the whole process with its threads: it says
 * what a stage costs as long as nothing else of the process runs beside it, and unlike wall time
 * it holds on a busy machine.
 */
export class Stopwatches {
  readonly #laps = new Map<string, Lap[]>();

  time<T>(stage: string, work: () => T): T {
    const lap = this.#start(stage);
    try {
      return work();
    } finally {
      lap();
    }
  }

  async timeAsync<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const lap = this.#start(stage);
    try {
      return await work();
    } finally {
      lap();
    }
  }

  cpuMs(stage: string): number {
    return this.#of(stage).reduce((sum, lap) => sum + lap.cpuMs, 0);
  }

  wallMs(stage: string): number {
    return this.#of(stage).reduce((sum, lap) => sum + lap.wallMs, 0);
  }

  medianWallMs(stage: string): number {
    return median(this.#of(stage).map((lap) => lap.wallMs));
  }

  count(stage: string): number {
    return this.#of(stage).length;
  }

  #of(stage: string): readonly Lap[] {
    return this.#laps.get(stage) ?? [];
  }

  #start(stage: string): () => void {
    const wall = performance.now();
    const cpu = process.cpuUsage();
    return () => {
      const { user, system } = process.cpuUsage(cpu);
      const lap = { wallMs: performance.now() - wall, cpuMs: (user + system) / 1000 };
      const laps = this.#laps.get(stage);
      if (laps) laps.push(lap);
      else this.#laps.set(stage, [lap]);
    };
  }
}
