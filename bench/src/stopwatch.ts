import { median } from './statistics.ts';

/** Adds up the time spent in named stages. */
export class Stopwatches {
  readonly #laps = new Map<string, number[]>();

  time<T>(stage: string, work: () => T): T {
    const started = performance.now();
    try {
      return work();
    } finally {
      this.#add(stage, performance.now() - started);
    }
  }

  async timeAsync<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#add(stage, performance.now() - started);
    }
  }

  totalMs(stage: string): number {
    return (this.#laps.get(stage) ?? []).reduce((sum, lap) => sum + lap, 0);
  }

  medianMs(stage: string): number {
    return median(this.#laps.get(stage) ?? []);
  }

  count(stage: string): number {
    return this.#laps.get(stage)?.length ?? 0;
  }

  #add(stage: string, ms: number): void {
    const laps = this.#laps.get(stage);
    if (laps) laps.push(ms);
    else this.#laps.set(stage, [ms]);
  }
}
