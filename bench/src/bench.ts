/** One figure of a bench. Ratios compare within one run; nothing else carries over to another machine. */
export interface BenchRow {
  /** Such as `1080p veryfast: ours ÷ plain transcode`. */
  readonly name: string;
  readonly figure: number;
  readonly unit: '×' | 'ms' | 'ms/frame' | 'frames/s' | 'MB' | 'MB/h' | 's' | 'cores';
  /** What a row is expected to reach, where something is. */
  readonly atLeast?: number;
  readonly atMost?: number;
  /** How it came about: spread of the runs, the parts of the ratio. */
  readonly detail: string;
}

export interface BenchContext {
  /** Where material and peers are kept between runs: `.cache/bench`. */
  readonly cacheFolder: string;
  readonly threads: number;
  /** Runs of each side, interleaved; the median counts. */
  readonly rounds: number;
  /** Length of the input of long benches, in minutes of media. */
  readonly minutes: number;
  readonly signal: AbortSignal;
  /** A line about what is going on, for people. */
  say(line: string): void;
}

export interface Bench {
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<readonly BenchRow[]>;
}
