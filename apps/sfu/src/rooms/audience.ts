import { LiveError, type LiveRtpCapabilities } from '@drape/contract';
import type {
  AnonymizedProducer,
  ConsentedSound,
  Viewing,
  WatchTransport,
} from '../engine/index.ts';
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
  #sound: ConsentedSound | undefined;

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
   * Starts watching, or starts anew on another transport. Who can't decode what is live is told so
   * and waits for the next epoch.
   */
  async start(
    session: Session,
    transport: WatchTransport,
    rtpCapabilities: LiveRtpCapabilities,
  ): Promise<void> {
    this.stop(session);
    const watcher: Watcher = { session, transport, rtpCapabilities, viewings: new Map() };
    this.#watchers.set(session, watcher);
    if (this.#sound) this.#giveSound(watcher, this.#sound);
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

  /** Gives everyone the publisher's sound; whoever comes later gets it as well. */
  play(sound: ConsentedSound): void {
    this.#sound = sound;
    for (const watcher of this.#watchers.values()) this.#giveSound(watcher, sound);
  }

  /** Consumers end with their producer. */
  silence(): void {
    this.#sound = undefined;
  }

  /** Transports and consumers went with the media worker. */
  reset(): void {
    this.#watchers.clear();
    this.#shown = undefined;
    this.#sound = undefined;
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
    const viewing = await this.#consume(watcher, producer).catch((error: unknown) => {
      if (!(error instanceof LiveError) || error.code !== 'unsupported-media') throw error;
      watcher.session.send('watch:unplayable', { epoch });
    });
    if (!viewing) return;
    const { id: consumerId, producerId, kind, rtpParameters } = viewing;
    watcher.session.send('watch:consumer', { epoch, consumerId, producerId, kind, rtpParameters });
  }

  /** A client that can't play it goes without. */
  #giveSound(watcher: Watcher, sound: ConsentedSound): void {
    this.#consume(watcher, sound).then(
      (viewing) => {
        if (!viewing) return;
        const { id: consumerId, producerId, rtpParameters } = viewing;
        watcher.session.send('watch:sound', { consumerId, producerId, rtpParameters });
      },
      (error: unknown) => {
        this.#log.warn({ err: error, session: watcher.session.id }, 'viewer gets no sound');
      },
    );
  }

  /** Undefined where it was stopped, or started anew, while the consumer was made. */
  async #consume(
    watcher: Watcher,
    producer: AnonymizedProducer | ConsentedSound,
  ): Promise<Viewing | undefined> {
    const { session, transport, rtpCapabilities, viewings } = watcher;
    const viewing = await transport.consume(producer, rtpCapabilities);
    if (this.#watchers.get(session) !== watcher) {
      viewing.close();
      return undefined;
    }
    const { id: consumerId } = viewing;
    viewings.set(consumerId, viewing);
    viewing.onEnded(() => {
      viewings.delete(consumerId);
      session.send('watch:closed', { consumerId });
    });
    return viewing;
  }
}
