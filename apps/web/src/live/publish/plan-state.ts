import type { LiveErrorCode, OrderCause, PublishMode } from '@drape/contract';

/** Where the person wants the picture to be anonymized; `auto`: here while this machine holds it. */
export type Where = 'auto' | PublishMode;

/** Why the anonymizer in this page is not used. Those of the carrier, of the server, and ours. */
export type EdgeCause = string;

/** The anonymizer in this page, whether or not what it makes is being sent. Times in ms. */
export type EdgeHealth =
  | { readonly type: 'none' }
  | { readonly type: 'opening'; readonly sinceMs: number }
  | { readonly type: 'running'; readonly sinceMs: number }
  /** It failed; it is tried again. */
  | { readonly type: 'resting'; readonly untilMs: number; readonly cause: EdgeCause }
  /** It can't be used, or must not: until the person or the server says otherwise. */
  | { readonly type: 'barred'; readonly cause: EdgeCause };

/** One way in which the picture leaves, from the request for an epoch on. */
export interface Path {
  readonly id: number;
  readonly mode: PublishMode;
  /** Known once the server has opened it. */
  readonly epoch?: number;
}

export type PublishProblem = LiveErrorCode | 'source-ended';

export interface PlanState {
  readonly nowMs: number;
  /** Go live was pressed, and stop was not. */
  readonly wanted: boolean;
  /** There is a raw track. */
  readonly hasSource: boolean;
  readonly connected: boolean;
  readonly where: Where;
  /** The profile trusts no browser. */
  readonly serverOnly: boolean;
  /** What the person handed over to; goes before `where`. */
  readonly pinned: PublishMode | undefined;
  /** The server's order; goes before everything. */
  readonly ordered: { readonly cause: OrderCause } | undefined;
  readonly edge: EdgeHealth;
  /** The page's anonymizer exists and takes the camera's frames. */
  readonly edgeOpen: boolean;
  /** Failures of the edge since it last held for a while. */
  readonly edgeFailures: number;
  /** What viewers get from us. */
  readonly current: Path | undefined;
  /** What is being set up to take its place; the current one goes on until it is live. */
  readonly next: Path | undefined;
  /** Replaced, but still sent: viewers swap at their own moment, and the server says when all did. */
  readonly retiring: readonly (Path & { readonly sinceMs: number })[];
  readonly nextId: number;
  /** Set-ups that failed in a row, and when the next may be tried. */
  readonly pathFailures: number;
  readonly pathNotBeforeMs: number;
  /** Why we are not live although it was wanted; cleared by going live again. */
  readonly problem: PublishProblem | undefined;
}

/**
 * `slow`: it covers what it gets, but late or little of it. `broken`: it covers everything whole
 * and will not recover. `dead`: nothing comes out of it any more.
 */
export type EdgeSeverity = 'slow' | 'broken' | 'dead';

export type PlanEvent =
  | { readonly type: 'tick' }
  | { readonly type: 'source'; readonly present: boolean }
  | { readonly type: 'configure'; readonly where: Where; readonly serverOnly: boolean }
  | { readonly type: 'go-live' }
  | { readonly type: 'stop'; readonly problem?: PublishProblem }
  | { readonly type: 'hand-over' }
  | { readonly type: 'connected'; readonly resumed: boolean }
  | { readonly type: 'disconnected' }
  | { readonly type: 'media-reset' }
  | { readonly type: 'edge-running' }
  | { readonly type: 'edge-failing'; readonly cause: EdgeCause; readonly severity: EdgeSeverity }
  | { readonly type: 'edge-unsupported'; readonly cause: EdgeCause }
  | { readonly type: 'page-visible' }
  | { readonly type: 'path-epoch'; readonly id: number; readonly epoch: number }
  | { readonly type: 'path-live'; readonly id: number }
  | { readonly type: 'path-failed'; readonly id: number; readonly code: LiveErrorCode | undefined }
  | { readonly type: 'epoch-closed'; readonly epoch: number }
  | { readonly type: 'order'; readonly to: PublishMode; readonly cause: OrderCause };

export type PlanCommand =
  | { readonly type: 'open-edge' }
  | { readonly type: 'close-edge' }
  | { readonly type: 'open-path'; readonly id: number; readonly mode: PublishMode }
  | { readonly type: 'close-path'; readonly id: number }
  /** Tell the server that nothing more comes. */
  | { readonly type: 'say-stop' };

export const INITIAL_PLAN: PlanState = {
  nowMs: 0,
  wanted: false,
  hasSource: false,
  connected: false,
  where: 'auto',
  serverOnly: false,
  pinned: undefined,
  ordered: undefined,
  edge: { type: 'none' },
  edgeOpen: false,
  edgeFailures: 0,
  current: undefined,
  next: undefined,
  retiring: [],
  nextId: 1,
  pathFailures: 0,
  pathNotBeforeMs: 0,
  problem: undefined,
};

/** Milliseconds. */
export const PLAN_LIMITS = {
  /** The edge must run this long beside the server's picture before it takes over again. */
  holdBeforeReturnMs: 10_000,
  /** Going live waits this long for an edge that opens; then the server begins. */
  waitForEdgeMs: 8000,
  /** Rest after the edge's first failure; doubles with each further one. */
  edgeRestMs: { firstMs: 20_000, mostMs: 300_000 },
  /** So long live at the edge, and earlier failures no longer count. */
  edgeForgivenMs: 60_000,
  /** Wait before a set-up that failed is tried again. */
  pathRestMs: { firstMs: 500, mostMs: 8000 },
  /** A replaced path of which the server never said that it is over. */
  retireMs: 10_000,
} as const;
