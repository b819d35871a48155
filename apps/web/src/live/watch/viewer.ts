import type { EventOf, LiveRtpCapabilities, RoomState } from '@drape/contract';
import { Device, type types } from 'mediasoup-client';
import type { SignallingClient } from '../signalling/client.ts';
import { backoffMs } from '../signalling/backoff.ts';
import { Cell, type Store } from '../store.ts';
import { keepConnected } from '../transports/keep-connected.ts';
import { openTransport } from '../transports/open-transport.ts';
import type { WatchTransport } from '../transports/purposed.ts';
import { SoundReceiver } from '../sound/sound-receiver.ts';
import { delayPlayout } from './playout-delay.ts';
import { swap, type Offer, type SwapEvent, type SwapState } from './swap.ts';

/** One epoch's picture: give its stream to a video element and say when it has shown a frame. */
export interface Picture extends Offer {
  readonly stream: MediaStream;
  readonly consumer: types.Consumer;
}

export type Pictures = SwapState<Picture>;

const KEYFRAME_EVERY_MS = 1000;
const REBUILD = { firstMs: 250, mostMs: 4000 };

/**
 * Watches a room over a signalling client that it does not own. It begins with `start`, begins anew
 * by itself after a lost transport or `media:reset`, and ends with `close`.
 */
export class Viewer {
  readonly sound: SoundReceiver;
  readonly #signalling: SignallingClient;
  readonly #pictures = new Cell<Pictures>({ shown: undefined, incoming: undefined });
  readonly #unplayable = new Cell(false);
  readonly #offs: (() => void)[] = [];
  #capabilities: LiveRtpCapabilities | undefined;
  #transport: WatchTransport | undefined;
  #endWatchOfTransport: (() => void) | undefined;
  #keyframeTimer: ReturnType<typeof setInterval> | undefined;
  #rebuildTimer: ReturnType<typeof setTimeout> | undefined;
  /** Counts up with every beginning, so that what belongs to an older one is recognised. */
  #generation = 0;
  #tries = 0;
  #closed = false;
  /** Consumers that the server closed while they were being made here. */
  readonly #gone = new Set<string>();

  constructor(signalling: SignallingClient) {
    this.#signalling = signalling;
    this.sound = new SoundReceiver(signalling);
    this.#offs.push(
      signalling.on('watch:sound', (offer) => void this.#takeSound(offer, this.#generation)),
      signalling.on('watch:consumer', (offer) => void this.#take(offer, this.#generation)),
      signalling.on('watch:closed', ({ consumerId }) => {
        this.#gone.add(consumerId);
        this.sound.end(consumerId);
        this.#step({ type: 'closed', consumerId });
      }),
      signalling.on('watch:unplayable', () => {
        this.#unplayable.set(true);
      }),
      signalling.on('room:state', (state) => {
        this.#follow(state);
      }),
      signalling.on('media:reset', ({ roomCapabilities }) => void this.start(roomCapabilities)),
    );
  }

  get pictures(): Store<Pictures> {
    return this.#pictures;
  }

  /** What is live is in a format that this browser does not decode. */
  get unplayable(): Store<boolean> {
    return this.#unplayable;
  }

  get transport(): types.Transport | undefined {
    return this.#transport;
  }

  /** Begins, or begins anew after the server forgot our transports. Never rejects: it tries again. */
  async start(capabilities: LiveRtpCapabilities): Promise<void> {
    if (this.#closed) return;
    this.#capabilities = capabilities;
    const generation = this.#tearDown();
    try {
      const device = await Device.factory();
      await device.load({ routerRtpCapabilities: capabilities as types.RtpCapabilities });
      const transport = await openTransport(this.#signalling, device, 'watch');
      if (generation !== this.#generation) {
        transport.close();
        return;
      }
      this.#transport = transport;
      this.#endWatchOfTransport = keepConnected(transport, this.#signalling, () => {
        this.#beginAnew();
      });
      await this.#signalling.request('watch:start', {
        transportId: transport.id,
        rtpCapabilities: device.recvRtpCapabilities as LiveRtpCapabilities,
      });
      this.#tries = 0;
    } catch (error) {
      if (generation !== this.#generation) return;
      console.warn('watching could not begin', { name: (error as Error).name });
      this.#beginAnew();
    }
  }

  /** The video element of an incoming picture has decoded its first frame. */
  frameShown(consumerId: string): void {
    this.#step({ type: 'first-frame', consumerId });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#tearDown();
    for (const off of this.#offs.splice(0)) off();
    if (this.#signalling.connection.get().type === 'up') {
      // The server also learns it from the socket's end; a failure changes nothing.
      this.#signalling.request('watch:stop', {}).catch(() => undefined);
    }
  }

  async #take(offer: EventOf<'watch:consumer'>, generation: number): Promise<void> {
    const { consumerId, producerId, kind, rtpParameters, epoch } = offer;
    this.#unplayable.set(false);
    const transport = this.#transport;
    if (!transport || kind !== 'video' || generation !== this.#generation) return;
    try {
      const consumer = await transport.consume({
        id: consumerId,
        producerId,
        kind,
        rtpParameters: rtpParameters as types.RtpParameters,
      });
      if (generation !== this.#generation) {
        consumer.close();
        return;
      }
      delayPlayout(consumer.rtpReceiver, 0);
      const stream = new MediaStream([consumer.track]);
      // Resumed first: the keyframe that comes with it is the first frame that can be shown.
      await this.#signalling.request('watch:resume', { consumerId });
      if (generation !== this.#generation) return;
      if (this.#gone.has(consumerId)) consumer.close();
      else this.#step({ type: 'offered', offer: { consumerId, epoch, stream, consumer } });
    } catch (error) {
      if (generation !== this.#generation || this.#gone.has(consumerId)) return;
      console.warn('a picture could not be taken', { name: (error as Error).name });
      this.#beginAnew();
    }
  }

  async #takeSound(offer: EventOf<'watch:sound'>, generation: number): Promise<void> {
    const transport = this.#transport;
    const isStill = () => generation === this.#generation && !this.#gone.has(offer.consumerId);
    if (!transport || !isStill()) return;
    try {
      await this.sound.take(offer, transport, isStill);
    } catch (error) {
      // The picture matters more: nothing begins anew for it.
      if (isStill()) console.warn('sound could not be taken', { name: (error as Error).name });
    }
  }

  /** A covered room shows nothing, not even what was the last good picture. */
  #follow(state: RoomState): void {
    if (state.mode === 'off') this.#step({ type: 'reset' });
    if (!state.live) this.#unplayable.set(false);
  }

  #step(event: SwapEvent<Picture>): void {
    const { state, close } = swap(this.#pictures.get(), event);
    for (const picture of close) picture.consumer.close();
    this.#pictures.set(state);
    this.#askForKeyframes(state.incoming);
  }

  /** A keyframe that was lost on the way would leave the new picture waiting for the next one. */
  #askForKeyframes(incoming: Picture | undefined): void {
    clearInterval(this.#keyframeTimer);
    if (!incoming) return;
    const { consumerId } = incoming;
    this.#keyframeTimer = setInterval(() => {
      this.#signalling.request('watch:keyframe', { consumerId }).catch(() => undefined);
    }, KEYFRAME_EVERY_MS);
  }

  #beginAnew(): void {
    const capabilities = this.#capabilities;
    clearTimeout(this.#rebuildTimer);
    if (this.#closed || !capabilities) return;
    // Without a connection the page starts us again once it has joined again.
    if (this.#signalling.connection.get().type !== 'up') return;
    this.#rebuildTimer = setTimeout(
      () => void this.start(capabilities),
      backoffMs(this.#tries++, REBUILD),
    );
  }

  #tearDown(): number {
    clearTimeout(this.#rebuildTimer);
    this.#endWatchOfTransport?.();
    this.#endWatchOfTransport = undefined;
    this.#step({ type: 'reset' });
    this.#unplayable.set(false);
    this.sound.end();
    this.#transport?.close();
    this.#transport = undefined;
    this.#gone.clear();
    return ++this.#generation;
  }
}
