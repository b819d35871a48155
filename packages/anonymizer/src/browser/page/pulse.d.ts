import type { EdgeCarrier, EdgeState } from '../api.ts';
export interface PulseOptions {
  readonly carrier: EdgeCarrier;
  /** The worker gave no sign of life. Called once. */
  readonly silent: () => void;
  /** The page is hidden and frames stopped. Called once per time in the background. */
  readonly stalled: (detail: string) => void;
}
/** Listens for the worker's beat, and for frames while the page is in the background. */
export declare class Pulse {
  #private;
  constructor(options: PulseOptions);
  beat(state: EdgeState): void;
  stop(): void;
}
