/**
 * A first-in first-out queue between one producer and one consumer. `push` waits while it is
 * full: that wait is the backpressure.
 */
export class BoundedQueue<T> {
  readonly #items: T[] = [];
  readonly #limit: number;
  readonly #discard: (item: T) => void;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void)[] = [];

  /** `limit` ≥ 1 items; `discard` gives back what nobody takes any more. */
  constructor(limit: number, discard: (item: T) => void) {
    this.#limit = limit;
    this.#discard = discard;
  }

  /** Takes over `item`. False, and the item is discarded, once the queue is closed. */
  async push(item: T): Promise<boolean> {
    while (!this.#ended && this.#items.length >= this.#limit) await this.#change();
    if (this.#ended) {
      this.#discard(item);
      return false;
    }
    this.#items.push(item);
    this.#notify();
    return true;
  }

  /** The oldest item, or undefined at the end. Throws what the producer failed with. */
  async shift(): Promise<T | undefined> {
    while (!this.#ended && this.#items.length === 0) await this.#change();
    const item = this.#items.shift();
    if (item !== undefined) {
      this.#notify();
      return item;
    }
    if (this.#failure) throw this.#failure.error;
    return undefined;
  }

  /** No more items come; what is queued can still be taken. */
  end(): void {
    this.#ended = true;
    this.#notify();
  }

  /** Like `end`, and `shift` throws `error` once the queue is empty. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.end();
  }

  /** Ends it and discards what is queued. */
  close(): void {
    this.end();
    for (const item of this.#items.splice(0)) this.#discard(item);
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}
