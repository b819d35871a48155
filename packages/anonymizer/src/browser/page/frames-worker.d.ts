import { type EdgeOptions } from '../api.ts';
import type { FromFrames, ToFrames } from '../messages.ts';
/** The frames' worker with warm detectors. */
export interface FramesWorker {
  readonly models: readonly {
    readonly id: string;
    readonly sha256: string;
  }[];
  post(message: ToFrames, transfer?: readonly Transferable[]): void;
  /** One listener for what it says and one for its death; set once. */
  listen(on: {
    readonly message: (message: FromFrames) => void;
    readonly died: (detail: string) => void;
  }): void;
  terminate(): void;
}
/** Starts the worker and waits for its detectors. Rejects with EdgeError; leaves nothing running. */
export declare function startFrames(options: EdgeOptions): Promise<FramesWorker>;
