/** Those who want to hear of something. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  /** @returns call it to listen no longer */
  add(listener: (value: T) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  /** One that throws does not keep the others from hearing; what it threw surfaces as uncaught. */
  tell(value: T): void {
    for (const listener of this.#all) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
