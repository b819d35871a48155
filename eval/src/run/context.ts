import type { Pictures } from '../pictures/pictures.ts';

/** What every unit of one evaluation shares. */
export interface RunContext {
  /** A temporary folder, removed at the end. */
  readonly workFolder: string;
  /** Runs the real pipeline with the judge's fill; returns the milliseconds it took. */
  anonymize(input: string, output: string): Promise<number>;
  /** Where pictures for looking at go, if they were asked for. */
  readonly pictures: Pictures | undefined;
}
