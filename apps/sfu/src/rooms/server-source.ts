import { setTimeout as delay } from 'node:timers/promises';
import {
  LiveError,
  liveProfile,
  type LiveTimelineEvent,
  type ModelRef,
  type PublisherStats,
  type StateCause,
} from '@drape/contract';
import {
  type AnonymizedProducer,
  attest,
  Attestation,
  type AnonymizerLink,
  type ProduceOptions,
  type RawProducer,
  type RawTransport,
  type RoomMedia,
} from '../engine/index.ts';
import type { Log } from '../log.ts';
import type { OpenAnonymizer, RoomAnonymizer } from './ports.ts';
import type { EpochTerms } from './room-record.ts';

export interface ServerContext {
  readonly roomId: string;
  readonly media: RoomMedia;
  readonly openAnonymizer: OpenAnonymizer;
  readonly maxBitrateBps: number;
  /** Every start of an anonymizer is an epoch of its own. */
  readonly nextEpoch: () => number;
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
  #busy = false;
  #raw: RawProducer | undefined;
  #anonymizer: RoomAnonymizer | undefined;
  #bitrateBps: number;

  constructor(epoch: number, terms: EpochTerms, parts: ServerContext & { events: ServerEvents }) {
    this.#epoch = epoch;
    this.terms = terms;
    this.#context = parts;
    this.#events = parts.events;
    this.#bitrateBps = parts.maxBitrateBps;
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

  get hasProducer(): boolean {
    return this.#raw !== undefined;
  }

  setMaxBitrate(bps: number): void {
    if (bps === this.#bitrateBps) return;
    this.#bitrateBps = bps;
    this.#anonymizer?.setMaxBitrate(bps);
  }

  /** Idempotent. Ends the raw stream, the process, and what viewers got of it. */
  close(): void {
    this.#ending.abort();
    this.#raw?.close();
  }

  async #supervise(raw: RawProducer): Promise<void> {
    const { signal } = this.#ending;
    const isOver = (): boolean => signal.aborted || raw.closed;
    let failures = 0;
    for (;;) {
      const sinceMs = performance.now();
      const reason = await this.#run(raw).catch((error: unknown) => {
        if (signal.aborted) return 'closed';
        this.#context.log.error({ err: error, epoch: this.#epoch }, 'anonymizer did not start');
        return 'did not start';
      });
      if (signal.aborted) return;
      failures = performance.now() - sinceMs < HEALTHY_AFTER_MS ? failures + 1 : 1;
      if (raw.closed) {
        this.#events.onDown('publisher-stalled', reason);
        return;
      }
      this.#events.onDown(
        failures < FAILING_FROM ? 'anonymizer-ended' : 'anonymizer-failed',
        reason,
      );
      const waitMs = BACKOFF_MS[Math.min(failures - 1, BACKOFF_MS.length - 1)] ?? 0;
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      // Both can have come while it waited.
      if (isOver()) return;
      this.#epoch = this.#context.nextEpoch();
    }
  }

  /** One life of an anonymizer; resolves with why it ended, rejects when it did not start. */
  async #run(raw: RawProducer): Promise<string> {
    const { signal } = this.#ending;
    const { roomId, media } = this.#context;
    const link = await media.openAnonymizerLink(raw, `drape-${roomId}-${this.#epoch}`);
    const ended = Promise.withResolvers<string>();
    const abort = (): void => {
      ended.resolve('closed');
    };
    signal.addEventListener('abort', abort);
    link.onEnded(() => {
      ended.resolve('raw stream ended');
    });
    try {
      const anonymizer = await this.#open(link, ended.resolve);
      this.#anonymizer = anonymizer;
      if (signal.aborted) return 'closed';
      // A hand-over of which the bitrate changed while the process started.
      anonymizer.setMaxBitrate(this.#bitrateBps);
      await link.start(anonymizer.listen);
      const attestation = Attestation.ofPipeline(link.producer.id, anonymizer.attestation);
      this.#events.onUp(attest(link.producer, attestation), attestation.models);
      return await ended.promise;
    } finally {
      signal.removeEventListener('abort', abort);
      link.close();
      const anonymizer = this.#anonymizer;
      this.#anonymizer = undefined;
      await anonymizer?.close();
    }
  }

  async #open(link: AnonymizerLink, onEnded: (reason: string) => void): Promise<RoomAnonymizer> {
    const { roomId, openAnonymizer, maxBitrateBps } = this.#context;
    const { style, holdMs } = this.terms;
    const profile = liveProfile(this.terms.profile).pipeline;
    const { input, output } = link;
    const { signal } = this.#ending;
    const anonymizer = await openAnonymizer(
      { roomId, epoch: this.#epoch, profile, style, holdMs, maxBitrateBps, input, output, signal },
      {
        onStats: this.#events.onStats,
        onTimeline: this.#events.onTimeline,
        onKeyframeWanted: () => void link.requestKeyframe(),
        onEnded,
      },
    );
    if (anonymizer.attestation.profile === profile) return anonymizer;
    await anonymizer.close();
    throw new LiveError(
      'internal',
      'the anonymizer vouches for another profile than was asked for',
    );
  }
}
