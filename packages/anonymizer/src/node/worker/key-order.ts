/** Hands out results in the order in which their promises were put in, per key. */
export class KeyOrder {
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * A promise that fulfils once `own` and all before it under `key` are settled. It rejects as
   * soon as `own` does: a deadline does not wait for anybody.
   */
  after<T>(key: string, own: Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const released = before ? own.then((value) => before.then(() => value)) : own;
    const ownEnd = released.then(noop, noop);
    // Behind an early rejection the others still wait for what is before it.
    const tail = before ? before.then(() => ownEnd) : ownEnd;
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return released;
  }

  /** Keys with something under way. */
  get size(): number {
    return this.#tails.size;
  }
}

function noop(): void {
  // Only that it ended matters.
}
