/** Typed events. A listener that throws breaks neither the emitter nor the other listeners. */
export declare class Emitter<E> {
  #private;
  on<N extends keyof E>(name: N, listener: (event: E[N]) => void): () => void;
  emit<N extends keyof E>(name: N, event: E[N]): void;
  clear(): void;
}
