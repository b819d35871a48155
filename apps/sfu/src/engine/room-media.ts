import type { LiveRtpCapabilities } from '@drape/contract';
import type { types } from 'mediasoup';
import { AnonymizerLink } from './anonymizer-link.ts';
import { clientCapabilities } from './codecs.ts';
import { media } from './failures.ts';
import { PlainFlow } from './plain-flow.ts';
import { type AnonymizedProducer, consumable, type RawProducer } from './producers.ts';
import { EdgeTransport, RawTransport, SoundTransport } from './publish-transport.ts';
import { WatchTransport } from './watch-transport.ts';

interface Parts {
  readonly worker: types.Worker;
  readonly webRtcServer: types.WebRtcServer;
  readonly ingest: types.Router;
  readonly room: types.Router;
}

/** Opus in stereo with forward error correction and retransmissions. */
const SOUND_BPS = 256_000;

/**
 * The two routers of a room. Raw video enters the ingest router and leaves it only towards an
 * anonymizer; no transport of a viewer can be made there.
 */
export class RoomMedia {
  readonly roomCapabilities: LiveRtpCapabilities;
  readonly ingestCapabilities: LiveRtpCapabilities;
  readonly #parts: Parts;
  readonly #onClosed: () => void;
  readonly #stopWatching: () => void;
  #closed = false;

  constructor(
    parts: Parts,
    events: { readonly onLost: () => void; readonly onClosed: () => void },
  ) {
    this.#parts = parts;
    this.#onClosed = events.onClosed;
    this.roomCapabilities = clientCapabilities(parts.room);
    this.ingestCapabilities = clientCapabilities(parts.ingest);
    const lost = (): void => {
      if (this.#closed) return;
      this.close();
      events.onLost();
    };
    parts.worker.once('died', lost);
    this.#stopWatching = () => {
      parts.worker.off('died', lost);
    };
  }

  get closed(): boolean {
    return this.#closed;
  }

  async openEdgeTransport(maxIncomingBps: number): Promise<EdgeTransport> {
    return new EdgeTransport(await this.#incoming(this.#parts.room, maxIncomingBps));
  }

  async openRawTransport(maxIncomingBps: number): Promise<RawTransport> {
    return new RawTransport(await this.#incoming(this.#parts.ingest, maxIncomingBps));
  }

  async openSoundTransport(): Promise<SoundTransport> {
    return new SoundTransport(await this.#incoming(this.#parts.room, SOUND_BPS));
  }

  async openWatchTransport(): Promise<WatchTransport> {
    return new WatchTransport(await this.#webRtc(this.#parts.room));
  }

  /** The one way out of the ingest router. */
  async openAnonymizerLink(raw: RawProducer, cname: string): Promise<AnonymizerLink> {
    return AnonymizerLink.open(this.#parts, raw, cname);
  }

  /** A covered picture to a process of this machine that checks it. */
  async openTap(producer: AnonymizedProducer): Promise<PlainFlow> {
    return PlainFlow.open(this.#parts.room, consumable(producer));
  }

  /** Idempotent. Everything in the room's routers closes with them. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching();
    this.#parts.ingest.close();
    this.#parts.room.close();
    this.#onClosed();
  }

  async #incoming(router: types.Router, maxIncomingBps: number): Promise<types.WebRtcTransport> {
    const transport = await this.#webRtc(router);
    await media('limit a transport', () => transport.setMaxIncomingBitrate(maxIncomingBps));
    return transport;
  }

  #webRtc(router: types.Router): Promise<types.WebRtcTransport> {
    const { webRtcServer } = this.#parts;
    return media('open a transport', () =>
      router.createWebRtcTransport({
        webRtcServer,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        // Lower than the default 600 kbit/s would start blurred; the estimate corrects it in a second.
        initialAvailableOutgoingBitrate: 3_000_000,
      }),
    );
  }
}
