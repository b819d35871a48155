/** Id and sha256 of one file of weights, for the timeline. */
export interface ModelStamp {
  readonly id: string;
  readonly sha256: string;
}

/** A network that a runtime has loaded; it takes one uint8 image tensor. */
export interface Network {
  readonly stamp: ModelStamp;
  /** Gives the outputs by name, in memory of the caller's own. Blocks its thread. */
  run(image: Uint8Array, shape: readonly number[]): Promise<Record<string, Float32Array>>;
  close(): Promise<void>;
}
