import type { AnonymizedTrack, EdgeAnonymizer, EdgeCarrier, EdgeEvents } from '../api.ts';
import type { FromFrames } from '../messages.ts';
import type { FramesWorker } from './frames-worker.ts';
interface EdgeParts {
  readonly source: MediaStreamTrack;
  readonly out: AnonymizedTrack;
  readonly carrier: EdgeCarrier;
  readonly models: EdgeAnonymizer['models'];
  readonly frames: FramesWorker;
  readonly stop: () => void;
  readonly hear?: (message: FromFrames) => void;
}
/** The page's side of a running edge. It never sees a raw pixel with the track processor. */
export declare class EdgeSession implements EdgeAnonymizer {
  #private;
  readonly track: AnonymizedTrack;
  readonly carrier: EdgeCarrier;
  readonly models: EdgeAnonymizer['models'];
  constructor(parts: EdgeParts);
  on<N extends keyof EdgeEvents>(name: N, listener: (event: EdgeEvents[N]) => void): () => void;
  close(): Promise<void>;
}
export {};
