import type { Readable } from 'node:stream';
import { RateBudget } from './rate-budget.ts';
import { quietly, type WorkerLogger } from './worker-log.ts';

const MAX_LINE_LENGTH = 2000;
const KEPT_LINES = 20;
const LINES_PER_SECOND = 100;

/**
 * Turns what a worker prints into log events: bounded in length, in rate and in memory. What is
 * over the rate is counted, not kept.
 */
export class StderrLog {
  readonly #worker: string;
  readonly #log: WorkerLogger;
  readonly #budget = new RateBudget(LINES_PER_SECOND);
  readonly #last: string[] = [];
  #partial = '';
  #dropped = 0;

  constructor(worker: string, stream: Readable, log: WorkerLogger | undefined) {
    this.#worker = worker;
    this.#log = quietly(log);
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      this.#take(text);
    });
    stream.on('end', () => {
      if (this.#partial !== '') this.#line(this.#partial);
      this.#partial = '';
    });
    stream.on('error', () => {
      // The process is going; its exit is reported.
    });
  }

  /** The last lines, for the error of a worker that could not start. */
  get tail(): string {
    return this.#last.join('\n');
  }

  get droppedLines(): number {
    return this.#dropped;
  }

  #take(text: string): void {
    const lines = (this.#partial + text).split('\n');
    // A line without an end is cut: the rest of it starts the next one.
    this.#partial = (lines.pop() ?? '').slice(-MAX_LINE_LENGTH);
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line.trim() === '') return;
    if (!this.#budget.take()) {
      this.#dropped += 1;
      return;
    }
    const text = line.slice(0, MAX_LINE_LENGTH);
    this.#last.push(text);
    if (this.#last.length > KEPT_LINES) this.#last.shift();
    const fields = { text, droppedLines: this.#dropped };
    this.#log({
      worker: this.#worker,
      source: 'stderr',
      level: 'warn',
      message: 'worker stderr',
      fields,
    });
  }
}
