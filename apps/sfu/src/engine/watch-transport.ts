import { LiveError, type LiveRtpCapabilities, type LiveRtpParameters } from '@drape/contract';
import type { types } from 'mediasoup';
import { ClientTransport } from './client-transport.ts';
import { media } from './failures.ts';
import { type AnonymizedProducer, type ConsentedSound, consumable } from './producers.ts';

/** To a viewer, from the room router. */
export class WatchTransport extends ClientTransport {
  readonly purpose = 'watch';

  /** Starts paused. Throws `unsupported-media` when the viewer can't decode the producer's codec. */
  async consume(
    producer: AnonymizedProducer | ConsentedSound,
    rtpCapabilities: LiveRtpCapabilities,
  ): Promise<Viewing> {
    const { id, kind, closed } = consumable(producer);
    if (closed) throw new LiveError('not-found', `the ${kind} has just ended`);
    const options = { producerId: id, rtpCapabilities, paused: true };
    return new Viewing(await media(`consume ${kind}`, () => this.transport.consume(options)));
  }

  /** What the viewer's path is estimated to carry, in bits per second; undefined: not known yet. */
  async availableBps(): Promise<number | undefined> {
    if (this.closed) return undefined;
    const [stats] = await this.transport.getStats().catch(() => []);
    return stats?.availableOutgoingBitrate;
  }
}

/** One viewer's copy of a producer. */
export class Viewing {
  readonly id: string;
  readonly producerId: string;
  readonly #consumer: types.Consumer;

  constructor(consumer: types.Consumer) {
    this.#consumer = consumer;
    this.id = consumer.id;
    this.producerId = consumer.producerId;
  }

  get kind(): 'audio' | 'video' {
    return this.#consumer.kind;
  }

  get rtpParameters(): LiveRtpParameters {
    return this.#consumer.rtpParameters as LiveRtpParameters;
  }

  get paused(): boolean {
    return this.#consumer.paused;
  }

  /** mediasoup asks the producer for a keyframe by itself. */
  async resume(): Promise<void> {
    await media('resume', () => this.#consumer.resume());
  }

  async requestKeyframe(): Promise<void> {
    await media('request a keyframe', () => this.#consumer.requestKeyFrame());
  }

  async preferLayer(spatialLayer: number): Promise<void> {
    await media('choose a layer', () => this.#consumer.setPreferredLayers({ spatialLayer }));
  }

  /** Its producer or its transport was closed, not `close()`. */
  onEnded(listener: () => void): void {
    this.#consumer.once('producerclose', listener);
    this.#consumer.once('transportclose', listener);
  }

  /** Idempotent. */
  close(): void {
    this.#consumer.close();
  }
}
