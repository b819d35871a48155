import { setTimeout as delay } from 'node:timers/promises';
import {
  LiveError,
  type LiveTimelineEvent,
  type ModelRef,
  type PublisherStats,
  type StateCause,
} from '@drape/contract';
import type {
  AnonymizedProducer,
  ProduceOptions,
  RawProducer,
  RawTransport,
  RoomMedia,
} from '../engine/index.ts';
import type { Log } from '../log.ts';
import { AnonymizerRun } from './anonymizer-run.ts';
import type { OpenAnonymizer } from './ports.ts';
import type { EpochTerms } from './room-record.ts';
import { SpareRun } from './spare-run.ts';

export interface ServerContext {
  readonly roomId: string;
  readonly media: RoomMedia;
  readonly openAnonymizer: OpenAnonymizer;
  readonly maxBitrateBps: number;
  /** Every start of an anonymizer is an epoch of its own. */
  readonly nextEpoch: () => number;
  /** Whether the machine has memory for a second, warm anonymizer per stream. */
  readonly maySpare: () => boolean;
  /** How long after its first one goes live, so that they do not compete. */
  readonly spareAfterMs: number;
  readonly log: Log;
}

export interface ServerEvents {
  readonly onUp: (producer: AnonymizedProducer, models: readonly ModelRef[]) => void;
  readonly onDown: (cause: StateCause, detail: string) => void;
  readonly onStats: (stats: PublisherStats) => void;
  readonly onTimeline: (events: readonly LiveTimelineEvent[]) => void;
}

/** Waits between attempts, by the number of those that failed in a row. */
const BACKOFF_MS = [0, 250, 500, 1000, 2000, 5000, 10_000] as const;
const FAILING_FROM = 4;
/** One that lived this long has shown that it works. */
const HEALTHY_AFTER_MS = 10_000;

/** Raw video of a publisher, anonymized by a process of this server, which is replaced when it ends. */
export class ServerSource {
  readonly mode = 'server';
  readonly terms: EpochTerms;
  readonly #context: ServerContext;
  readonly #events: ServerEvents;
  readonly #ending = new AbortController();
  #epoch: number;
  /** The number that the publisher knows; later ones are taken as they are needed. */
  #firstEpoch: number | undefined;
  #busy = false;
  #raw: RawProducer | undefined;
  #run: AnonymizerRun | undefined;
  readonly #spare: SpareRun;
  #bitrateBps: number;

  constructor(epoch: number, terms: EpochTerms, parts: ServerContext & { events: ServerEvents }) {
    this.#epoch = epoch;
    this.#firstEpoch = epoch;
    this.terms = terms;
    this.#context = parts;
    this.#events = parts.events;
    this.#bitrateBps = parts.maxBitrateBps;
    this.#spare = new SpareRun(parts);
  }

  /** Of the anonymizer that runs or is being started. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Resolves when raw video is accepted; the anonymizer starts meanwhile and `onUp` follows. */
  async produce(transport: RawTransport, options: ProduceOptions): Promise<string> {
    if (this.#busy) throw new LiveError('wrong-state', 'this epoch has its producer already');
    this.#busy = true;
    try {
      const raw = await transport.produce(options);
      if (this.#ending.signal.aborted) {
        raw.close();
        throw new LiveError('stale-epoch', 'the epoch was replaced meanwhile');
      }
      this.#raw = raw;
      void this.#supervise(raw);
      return raw.id;
    } catch (error) {
      this.#busy = false;
      throw error;
    }
  }

  setMaxBitrate(bps: number): void {
    if (bps === this.#bitrateBps) return;
    this.#bitrateBps = bps;
    this.#run?.setMaxBitrate(bps);
  }

  /** Idempotent. Ends the raw stream, the process, and what viewers got of it. */
  close(): void {
    this.#ending.abort();
    this.#spare.close();
    void this.#run?.close();
    this.#raw?.close();
  }

  async #supervise(raw: RawProducer): Promise<void> {
    const { signal } = this.#ending;
    let failures = 0;
    for (;;) {
      const sinceMs = performance.now();
      const reason = await this.#live(raw);
      if (signal.aborted) return;
      failures = performance.now() - sinceMs < HEALTHY_AFTER_MS ? failures + 1 : 1;
      if (raw.closed) {
        this.#events.onDown('publisher-stalled', reason);
        return;
      }
      const failing = failures >= FAILING_FROM;
      this.#events.onDown(failing ? 'anonymizer-failed' : 'anonymizer-ended', reason);
      const waitMs = BACKOFF_MS[Math.min(failures - 1, BACKOFF_MS.length - 1)] ?? 0;
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      // Both can have come while it waited.
      if (this.#isOver(raw)) return;
    }
  }

  #isOver(raw: RawProducer): boolean {
    return this.#ending.signal.aborted || raw.closed;
  }

  /** One life of an anonymizer; resolves with why it is over. */
  async #live(raw: RawProducer): Promise<string> {
    try {
      const run = this.#spare.take() ?? (await this.#open(raw));
      this.#run = run;
      this.#epoch = run.epoch;
      if (this.#isOver(raw)) return 'closed';
      run.setMaxBitrate(this.#bitrateBps);
      const { producer, models } = await run.start();
      this.#events.onUp(producer, models);
      this.#spare.prepare(() => this.#open(raw));
      return await run.ended;
    } catch (error) {
      if (this.#ending.signal.aborted) return 'closed';
      this.#context.log.error({ err: error, epoch: this.#epoch }, 'anonymizer did not start');
      return 'did not start';
    } finally {
      const run = this.#run;
      this.#run = undefined;
      // Not awaited: a process that hangs takes seconds to end, and viewers are covered now.
      run?.close().catch((error: unknown) => {
        this.#context.log.error({ err: error }, 'anonymizer did not close');
      });
    }
  }

  #open(raw: RawProducer): Promise<AnonymizerRun> {
    const epoch = this.#firstEpoch ?? this.#context.nextEpoch();
    this.#firstEpoch = undefined;
    const { terms } = this;
    const { signal } = this.#ending;
    const whileRunning =
      <T>(tell: (told: T) => void) =>
      (told: T): void => {
        // A spare has nothing to tell.
        if (this.#run?.epoch === epoch) tell(told);
      };
    const events = {
      onStats: whileRunning(this.#events.onStats),
      onTimeline: whileRunning(this.#events.onTimeline),
    };
    return AnonymizerRun.open({ context: this.#context, raw, epoch, terms, events, signal });
  }
}
