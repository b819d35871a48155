import type { LiveTimelineEvent } from '@drape/contract';
import type { AlwaysRegion, PaintStyle } from '../core/index.ts';
import type { EdgeErrorReason, EdgeFailing, EdgeState } from './api.ts';

/** From the page to the frames' worker. */
export type ToFrames =
  | {
      readonly kind: 'open';
      /** Absolute, ends in a slash. */
      readonly assetsUrl: string;
      readonly profile: string;
      /** Logical cores of the machine, as the page sees them. */
      readonly cores: number;
      readonly always: readonly AlwaysRegion[];
      readonly style: PaintStyle;
      readonly holdMs: number;
    }
  | {
      readonly kind: 'start-track';
      readonly readable: ReadableStream<VideoFrame>;
      readonly writable: WritableStream<VideoFrame>;
    }
  | { readonly kind: 'start-canvas' }
  /** Canvas carrier: the picture that the page sees now. */
  | { readonly kind: 'picture'; readonly bitmap: ImageBitmap; readonly timestampUs: number }
  | { readonly kind: 'close' };

/** From the frames' worker to the page. */
export type FromFrames =
  | { readonly kind: 'alive' }
  | {
      readonly kind: 'warm';
      readonly models: readonly { readonly id: string; readonly sha256: string }[];
    }
  | { readonly kind: 'failed'; readonly reason: EdgeErrorReason; readonly detail: string }
  /** Once a second; also the worker's sign of life. */
  | { readonly kind: 'state'; readonly state: EdgeState }
  | { readonly kind: 'failing'; readonly reason: EdgeFailing; readonly detail: string }
  | { readonly kind: 'timeline'; readonly events: readonly LiveTimelineEvent[] }
  /** Canvas carrier: a picture that may be shown. */
  | { readonly kind: 'painted'; readonly bitmap: ImageBitmap }
  /** Canvas carrier: the worker is ready for another picture. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'closed' };

/** The part of DedicatedWorkerGlobalScope that is used: the DOM library has no types for it. */
export interface WorkerScope {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  addEventListener(
    type: 'unhandledrejection',
    listener: (event: PromiseRejectionEvent) => void,
  ): void;
  close(): void;
}

export const workerScope = globalThis as unknown as WorkerScope;
