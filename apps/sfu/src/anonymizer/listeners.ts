type ByName<Events extends Record<string, unknown[]>> = {
  [Name in keyof Events]?: Set<(...args: Events[Name]) => void>;
};

/** Listeners by event name. One that throws breaks neither the others nor whoever emits. */
export class Listeners<Events extends Record<string, unknown[]>> {
  readonly #byName: ByName<Events> = {};

  /** Gives a function that takes the listener away again. */
  on<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): () => void {
    const listeners = (this.#byName[name] ??= new Set());
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): void {
    for (const listener of [...(this.#byName[name] ?? [])]) {
      try {
        listener(...args);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}
