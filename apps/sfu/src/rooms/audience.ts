import { LiveError, type LiveRtpCapabilities } from '@drape/contract';
import type { AnonymizedProducer, Viewing, WatchTransport } from '../engine/index.ts';
import type { Log } from '../log.ts';
import type { Session } from './session.ts';

interface Shown {
  readonly epoch: number;
  readonly producer: AnonymizedProducer;
}

interface Watcher {
  readonly session: Session;
  readonly transport: WatchTransport;
  readonly rtpCapabilities: LiveRtpCapabilities;
  readonly viewings: Map<string, Viewing>;
}

/** Everybody who watches a room, and what they are shown. */
export class Audience {
  readonly #log: Log;
  readonly #watchers = new Map<Session, Watcher>();
  #shown: Shown | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Viewers proper: a publisher that looks at its own room is none. */
  get viewers(): number {
    let count = 0;
    for (const { identity } of this.#watchers.keys()) if (identity.role !== 'publisher') count++;
    return count;
  }

  /**
   * Starts watching, or starts anew on another transport. Throws `unsupported-media` when the
   * client can't decode what is live; then it does not watch.
   */
  async start(
    session: Session,
    transport: WatchTransport,
    rtpCapabilities: LiveRtpCapabilities,
  ): Promise<void> {
    this.stop(session);
    const watcher: Watcher = { session, transport, rtpCapabilities, viewings: new Map() };
    this.#watchers.set(session, watcher);
    if (!this.#shown) return;
    try {
      await this.#give(watcher, this.#shown);
    } catch (error) {
      // It ended this very moment: the next epoch will be shown.
      if (error instanceof LiveError && error.code === 'not-found') return;
      this.stop(session);
      throw error;
    }
  }

  /** Idempotent. */
  stop(session: Session): void {
    const watcher = this.#watchers.get(session);
    this.#watchers.delete(session);
    for (const viewing of watcher?.viewings.values() ?? []) viewing.close();
  }

  /** Gives everyone a consumer of the new picture; the old ones end with their producer. */
  show(shown: Shown): void {
    this.#shown = shown;
    for (const watcher of this.#watchers.values()) {
      this.#give(watcher, shown).catch((error: unknown) => {
        this.#log.warn({ err: error, session: watcher.session.id }, 'viewer gets no picture');
      });
    }
  }

  /** Whoever starts watching now waits for the next picture. */
  hide(): void {
    this.#shown = undefined;
  }

  /** Transports and consumers went with the media worker. */
  reset(): void {
    this.#watchers.clear();
    this.#shown = undefined;
  }

  /** Throws `not-found`. */
  viewing(session: Session, consumerId: string): Viewing {
    const viewing = this.#watchers.get(session)?.viewings.get(consumerId);
    if (viewing) return viewing;
    throw new LiveError('not-found', `there is no consumer ${consumerId} any more`);
  }

  /** What the paths of viewers are estimated to carry, in bits per second. */
  async estimatesBps(): Promise<number[]> {
    const transports = [...this.#watchers.values()].map(({ transport }) => transport);
    const estimates = await Promise.all(transports.map((transport) => transport.availableBps()));
    return estimates.filter((bps) => bps !== undefined);
  }

  async #give(watcher: Watcher, { epoch, producer }: Shown): Promise<void> {
    const { session, transport, rtpCapabilities, viewings } = watcher;
    const viewing = await transport.consume(producer, rtpCapabilities);
    // Stopped, or started anew, while the consumer was made.
    if (this.#watchers.get(session) !== watcher) {
      viewing.close();
      return;
    }
    const { id: consumerId, producerId, kind, rtpParameters } = viewing;
    viewings.set(consumerId, viewing);
    viewing.onEnded(() => {
      viewings.delete(consumerId);
      session.send('watch:closed', { consumerId });
    });
    session.send('watch:consumer', { epoch, consumerId, producerId, kind, rtpParameters });
  }
}
