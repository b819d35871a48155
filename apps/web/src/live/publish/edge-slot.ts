import {
  EdgeError,
  edgeSupport,
  openEdge,
  type EdgeAnonymizer,
  type EdgeFailing,
  type EdgeOptions,
  type EdgeState,
} from '@drape/anonymizer/browser';
import type { LiveTimelineEvent } from '@drape/contract';
import type { EdgeSeverity } from './plan-state.ts';

export interface EdgeSlotEvents {
  readonly onRunning: (edge: EdgeAnonymizer) => void;
  readonly onState: (state: EdgeState) => void;
  readonly onTimeline: (events: readonly LiveTimelineEvent[]) => void;
  readonly onFailing: (cause: string, severity: EdgeSeverity) => void;
  /** This browser or this installation can't: trying again would not help. */
  readonly onUnsupported: (cause: string) => void;
}

/** Models and WASM come over the network the first time; the server serves meanwhile. */
const OPEN_WITHIN_MS = 90_000;

const SEVERITY: Readonly<Record<EdgeFailing, EdgeSeverity | undefined>> = {
  'too-slow': 'slow',
  hidden: 'slow',
  'detector-failed': 'broken',
  'webgl-lost': 'broken',
  'worker-crashed': 'dead',
  'track-ended': 'dead',
  // Nor would the server get a picture: the page says so, and nothing is handed over.
  'track-muted': undefined,
};

/** The page's one anonymizer: at most one is open or opening at a time. */
export class EdgeSlot {
  readonly #events: EdgeSlotEvents;
  #abort: AbortController | undefined;
  #edge: EdgeAnonymizer | undefined;
  #closing: Promise<void> = Promise.resolve();

  constructor(events: EdgeSlotEvents) {
    this.#events = events;
  }

  get edge(): EdgeAnonymizer | undefined {
    return this.#edge;
  }

  async open(options: Omit<EdgeOptions, 'signal'>): Promise<void> {
    this.close();
    const support = edgeSupport();
    if (!support.ok) {
      this.#events.onUnsupported(support.reason);
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    try {
      // The old one's workers hold WebGL contexts and memory.
      await this.#closing;
      const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(OPEN_WITHIN_MS)]);
      const edge = await openEdge({ ...options, signal });
      if (abort.signal.aborted) {
        await edge.close();
        return;
      }
      this.#edge = edge;
      this.#follow(edge, abort.signal);
      this.#events.onRunning(edge);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#abort = undefined;
      this.#report(error);
    }
  }

  /** Idempotent. What is being opened is given up. */
  close(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    const edge = this.#edge;
    this.#edge = undefined;
    if (edge) this.#closing = edge.close().catch(() => undefined);
  }

  #follow(edge: EdgeAnonymizer, signal: AbortSignal): void {
    const { onState, onTimeline, onFailing } = this.#events;
    edge.on('state', (state) => {
      if (!signal.aborted) onState(state);
    });
    edge.on('timeline', (events) => {
      if (!signal.aborted) onTimeline(events);
    });
    edge.on('failing', ({ reason }) => {
      const severity = SEVERITY[reason];
      if (!signal.aborted && severity) onFailing(reason, severity);
    });
  }

  #report(error: unknown): void {
    const reason = error instanceof EdgeError ? error.reason : 'worker-failed';
    // Static text and a reason only: what a camera sees is in no log.
    console.warn('the anonymizer of this page did not open', { reason });
    switch (reason) {
      case 'unsupported':
      case 'assets':
      case 'unknown-profile':
        this.#events.onUnsupported(reason);
        return;
      case 'aborted':
        this.#events.onFailing('too-slow', 'dead');
        return;
      case 'worker-failed':
      case 'detector-failed':
        this.#events.onFailing(reason, 'dead');
    }
  }
}
