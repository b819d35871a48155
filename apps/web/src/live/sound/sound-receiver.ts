import type { EventOf } from '@drape/contract';
import type { types } from 'mediasoup-client';
import type { SignallingClient } from '../signalling/client.ts';
import { Cell, type Store } from '../store.ts';
import { delayPlayout } from '../watch/playout-delay.ts';

/** The publisher's sound: its stream is silent until `listen`. */
export interface Sound {
  readonly consumerId: string;
  readonly stream: MediaStream;
  readonly consumer: types.Consumer;
}

/** Takes the sound that the server offers to a viewer. Owned by the viewer, whose transport it uses. */
export class SoundReceiver {
  readonly #signalling: SignallingClient;
  readonly #sound = new Cell<Sound | undefined>(undefined);

  #delayMs = 0;

  constructor(signalling: SignallingClient) {
    this.#signalling = signalling;
  }

  get sound(): Store<Sound | undefined> {
    return this.#sound;
  }

  /** Takes an offer; the one before it ends. Rejects where the browser can't. */
  async take(
    offer: EventOf<'watch:sound'>,
    transport: types.Transport,
    isStill: () => boolean,
  ): Promise<void> {
    const { consumerId, producerId, rtpParameters } = offer;
    const consumer = await transport.consume({
      id: consumerId,
      producerId,
      kind: 'audio',
      rtpParameters: rtpParameters as types.RtpParameters,
    });
    if (!isStill()) {
      consumer.close();
      return;
    }
    this.end();
    delayPlayout(consumer.rtpReceiver, this.#delayMs);
    this.#sound.set({ consumerId, consumer, stream: new MediaStream([consumer.track]) });
  }

  /** Pictures wait for their detectors: sound waits as long, so that lips and words go together. */
  delay(ms: number): void {
    this.#delayMs = ms;
    const sound = this.#sound.get();
    if (sound) delayPlayout(sound.consumer.rtpReceiver, ms);
  }

  /** From now on packets come: until somebody listens none do. Never rejects. */
  async listen(): Promise<void> {
    const sound = this.#sound.get();
    if (!sound) return;
    const { consumerId } = sound;
    await this.#signalling.request('watch:resume', { consumerId }).catch((error: unknown) => {
      console.warn('sound could not be resumed', { name: (error as Error).name });
    });
  }

  /** Idempotent. With an id only where it is that one. */
  end(consumerId?: string): void {
    const sound = this.#sound.get();
    if (!sound || (consumerId !== undefined && sound.consumerId !== consumerId)) return;
    sound.consumer.close();
    this.#sound.set(undefined);
  }
}
