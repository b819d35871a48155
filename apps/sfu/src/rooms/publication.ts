import {
  type EpochCloseCause,
  LiveError,
  liveProfile,
  type LivePublicKey,
  type LiveTimelineEvent,
  type ModelRef,
  type PublisherStats,
  type StateCause,
} from '@drape/contract';
import {
  type AnonymizedProducer,
  EdgeTransport,
  type ModelPolicy,
  type ProduceOptions,
  RawTransport,
} from '../engine/index.ts';
import { EdgeSource, type SignedStatement } from './edge-source.ts';
import { type FlowLimits, FlowWatch } from './flow-watch.ts';
import type { EpochTerms } from './room-record.ts';
import { type ServerContext, ServerSource } from './server-source.ts';
import type { Session, SessionTransport } from './session.ts';

type Source = EdgeSource | ServerSource;

export interface PublicationTimes {
  /** A new epoch must be attested within this long. */
  readonly setUpMs: number;
  /** The old epoch goes on this long after packets of the new one arrive: viewers swap in it. */
  readonly overlapMs: number;
  /**
   * The first packets of an attested epoch come within this: models are warm, but the publisher's
   * keyframe is still on its way. Until then the epoch before goes on.
   */
  readonly firstPacketMs: number;
  /** No further packets for this long: the picture has stopped. */
  readonly stalledAfterMs: number;
  /** A spare anonymizer is started this long after the first is live, so as not to compete. */
  readonly spareAfterMs: number;
}

export const DEFAULT_TIMES: PublicationTimes = {
  setUpMs: 30_000,
  overlapMs: 2500,
  firstPacketMs: 8000,
  stalledAfterMs: 2000,
  spareAfterMs: 10_000,
};

export interface LivePicture {
  readonly epoch: number;
  readonly producer: AnonymizedProducer;
  readonly terms: EpochTerms;
  readonly models: readonly ModelRef[];
}

export interface PublicationEvents {
  /** From now on viewers get this. */
  readonly onLive: (picture: LivePicture) => void;
  /** Viewers have nothing until the next `onLive`. */
  readonly onDown: (cause: StateCause, detail: string) => void;
  /** Packets of the live picture stay away, or are back. */
  readonly onFlow: (flowing: boolean) => void;
  readonly onStats: (stats: PublisherStats) => void;
  readonly onTimeline: (epoch: number, events: readonly LiveTimelineEvent[]) => void;
}

export interface PublicationContext extends ServerContext {
  readonly models: ModelPolicy;
  readonly times: PublicationTimes;
}

/**
 * One publisher's hold of a room, over all its epochs. At any time there is at most one live
 * source, one incoming (not attested yet), and some that are retired but still shown for a moment.
 */
export class Publication {
  readonly owner: Session;
  readonly #context: PublicationContext;
  readonly #events: PublicationEvents;
  #incoming: Source | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #live: Source | undefined;
  #flow: FlowWatch | undefined;
  readonly #retired = new Set<Source>();
  #overlap: NodeJS.Timeout | undefined;
  #edgeAllowed = true;

  constructor(owner: Session, context: PublicationContext, events: PublicationEvents) {
    this.owner = owner;
    this.#context = context;
    this.#events = events;
  }

  /** Opens an epoch. What is live goes on; an epoch that was being set up is given up. */
  start(terms: EpochTerms, publicKey: LivePublicKey | undefined): number {
    if (terms.mode === 'edge') this.#refuseEdge(terms);
    const epoch = this.#context.nextEpoch();
    this.#dropIncoming('stopped');
    this.#incoming =
      terms.mode === 'server'
        ? this.#server(epoch, terms)
        : new EdgeSource(epoch, terms, required(publicKey));
    this.#deadline = setTimeout(() => {
      this.#dropIncoming('publisher-stalled');
    }, this.#context.times.setUpMs);
    return epoch;
  }

  async produce(
    epoch: number,
    transport: SessionTransport,
    options: ProduceOptions,
  ): Promise<string> {
    const source = this.#incomingOf(epoch);
    if (source.mode === 'edge') {
      if (transport instanceof EdgeTransport) return source.produce(transport, options);
      throw new LiveError('wrong-state', 'an edge epoch is produced on a publish-edge transport');
    }
    if (!(transport instanceof RawTransport)) {
      throw new LiveError('wrong-state', 'a server epoch is produced on a publish-raw transport');
    }
    const id = await source.produce(transport, options);
    // From here on the server itself works on it, for as long as it takes.
    if (this.#incoming === source) clearTimeout(this.#deadline);
    return id;
  }

  async attest(epoch: number, signed: SignedStatement): Promise<void> {
    const source = this.#incomingOf(epoch);
    if (source.mode !== 'edge') {
      throw new LiveError('wrong-state', 'in server mode the anonymizer attests, not the page');
    }
    const { roomId, models } = this.#context;
    const attested = await source.attest(signed, { roomId, models });
    if (this.#incoming !== source) {
      throw new LiveError('stale-epoch', 'the epoch was replaced meanwhile');
    }
    this.#promote(source, { epoch, terms: source.terms, ...attested });
  }

  /** What the publisher's page says of its own pipeline; of other epochs it is too late to matter. */
  edgeStats(epoch: number, stats: PublisherStats): void {
    if (this.#live?.mode === 'edge' && this.#live.epoch === epoch) this.#events.onStats(stats);
  }

  edgeTimeline(epoch: number, events: readonly LiveTimelineEvent[]): void {
    const known = [this.#live, this.#incoming, ...this.#retired];
    const of = known.find((source) => source?.epoch === epoch);
    if (of?.mode === 'edge') this.#events.onTimeline(epoch, events);
  }

  /** The browser is trusted no more: its picture ends at once, and only server epochs are taken. */
  forbidEdge(cause: StateCause & EpochCloseCause, detail: string): void {
    this.#edgeAllowed = false;
    if (this.#incoming?.mode === 'edge') this.#dropIncoming(cause);
    for (const source of this.#retired) if (source.mode === 'edge') this.#finish(source, cause);
    if (this.#live?.mode !== 'edge') return;
    this.#dropLive(cause);
    this.#events.onDown(cause, detail);
  }

  setMaxBitrate(bps: number): void {
    if (this.#live?.mode === 'server') this.#live.setMaxBitrate(bps);
  }

  /** Idempotent. Every source ends; the owner is told of each epoch. */
  close(cause: EpochCloseCause): void {
    this.#dropIncoming(cause);
    this.#dropLive(cause);
    this.#finishRetired();
  }

  #refuseEdge({ profile }: EpochTerms): void {
    if (liveProfile(profile).where === 'server') {
      throw new LiveError('edge-refused', `profile "${profile}" is anonymized by the server only`);
    }
    if (!this.#edgeAllowed) {
      throw new LiveError(
        'edge-refused',
        'the server has taken over for good; stop to start afresh',
      );
    }
  }

  #server(epoch: number, terms: EpochTerms): ServerSource {
    const source: ServerSource = new ServerSource(epoch, terms, {
      ...this.#context,
      events: {
        onUp: (producer, models) => {
          this.#promote(source, { epoch: source.epoch, terms, producer, models });
        },
        onDown: (cause, detail) => {
          const shown = this.#live === source;
          if (shown) this.#flow?.close();
          // Viewers still have the epoch before.
          if (!shown && this.#live) return;
          this.#events.onDown(cause, detail);
        },
        onStats: (stats) => {
          if (this.#live === source) this.#events.onStats(stats);
        },
        onTimeline: (events) => {
          this.#events.onTimeline(source.epoch, events);
        },
      },
    });
    return source;
  }

  #incomingOf(epoch: number): Source {
    const source = this.#incoming;
    if (!source) throw new LiveError('wrong-state', 'send publish:start first');
    if (source.epoch === epoch) return source;
    throw new LiveError(
      'stale-epoch',
      `epoch ${epoch} is over; the present one is ${source.epoch}`,
    );
  }

  #promote(source: Source, picture: LivePicture): void {
    if (this.#incoming === source) {
      clearTimeout(this.#deadline);
      this.#incoming = undefined;
      if (this.#live) this.#retired.add(this.#live);
      this.#live = source;
    }
    // One that was given up while its process started.
    if (this.#live !== source) return;
    this.#flow?.close();
    this.#flow = new FlowWatch(picture.producer, this.#flowLimits(), (flowing) => {
      this.#events.onFlow(flowing);
      if (flowing) this.#retireSoon();
      else this.#finishRetired();
    });
    this.#events.onLive(picture);
  }

  #flowLimits(): FlowLimits {
    const { firstPacketMs, stalledAfterMs } = this.#context.times;
    const everyMs = Math.min(500, stalledAfterMs / 3);
    return { everyMs, firstWithinMs: firstPacketMs, stalledAfterMs };
  }

  /** The new picture arrives: the old one stays for the time that viewers need to swap. */
  #retireSoon(): void {
    clearTimeout(this.#overlap);
    if (this.#retired.size === 0) return;
    this.#overlap = setTimeout(() => {
      this.#finishRetired();
    }, this.#context.times.overlapMs);
  }

  #finishRetired(): void {
    clearTimeout(this.#overlap);
    for (const source of this.#retired) this.#finish(source, 'handed-over');
  }

  #finish(source: Source, cause: EpochCloseCause): void {
    this.#retired.delete(source);
    source.close();
    this.owner.send('publish:closed', { epoch: source.epoch, cause });
  }

  #dropIncoming(cause: EpochCloseCause): void {
    clearTimeout(this.#deadline);
    const source = this.#incoming;
    this.#incoming = undefined;
    if (source) this.#finish(source, cause);
  }

  #dropLive(cause: EpochCloseCause): void {
    this.#flow?.close();
    const source = this.#live;
    this.#live = undefined;
    if (source) this.#finish(source, cause);
  }
}

function required(publicKey: LivePublicKey | undefined): LivePublicKey {
  if (publicKey) return publicKey;
  throw new LiveError('malformed', 'publicKey: an edge epoch needs the key that will attest it');
}
