export interface WorkQueueOptions<T> {
  /** Items that wait at most. */
  readonly limit: number;
  /** Done one after the other; what it throws ends the queue and goes to `onError`. */
  readonly work: (item: T) => Promise<void>;
  /** Gives back an item that had to leave before it was worked on. */
  readonly discard: (item: T) => void;
  readonly onError: (error: unknown) => void;
}

/** Does one thing after the other, for live input: when too much waits, the oldest leaves. */
export class WorkQueue<T> {
  readonly #options: WorkQueueOptions<T>;
  readonly #waiting: T[] = [];
  #running: Promise<void> | undefined;
  #closed = false;
  /** Items that left undone because of the limit. */
  dropped = 0;

  constructor(options: WorkQueueOptions<T>) {
    this.#options = options;
  }

  /** Takes the item over. */
  push(item: T): void {
    if (this.#closed) {
      this.#options.discard(item);
      return;
    }
    if (this.isFull) this.#drop(1);
    this.#waiting.push(item);
    this.#running ??= this.#run();
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#options.limit;
  }

  /** Drops all that waits: where what follows is worth nothing without it. */
  dropAll(): void {
    this.#drop(this.#waiting.length);
  }

  /** Discards what waits, and resolves when nothing is being worked on. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const item of this.#waiting.splice(0)) this.#options.discard(item);
    await this.#running;
  }

  #drop(count: number): void {
    for (const item of this.#waiting.splice(0, count)) {
      this.#options.discard(item);
      this.dropped += 1;
    }
  }

  async #run(): Promise<void> {
    try {
      for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
        await this.#options.work(item);
      }
    } catch (error) {
      void this.close();
      this.#options.onError(error);
    } finally {
      this.#running = undefined;
    }
  }
}
