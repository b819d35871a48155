/** Typed events. A listener that throws breaks neither the emitter nor the other listeners. */
export class Emitter<E> {
  readonly #listeners = new Map<keyof E, Set<(event: never) => void>>();

  on<N extends keyof E>(name: N, listener: (event: E[N]) => void): () => void {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known);
    known.add(listener);
    return () => {
      known.delete(listener);
    };
  }

  emit<N extends keyof E>(name: N, event: E[N]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (event: E[N]) => void)(event);
      } catch (error) {
        // The page's own error handler hears of it.
        reportError(error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
