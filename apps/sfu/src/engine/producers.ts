import { LiveError } from '@drape/contract';
import type { types } from 'mediasoup';
import { type Attestation, isAttestation } from './attestation.ts';

/** mediasoup's own objects stay behind these classes; only this folder gets at them. */
const inner = new WeakMap<ProducerHandle, types.Producer>();
/** The runtime half of the law: what is not in here is never consumed on a room router. */
const released = new WeakSet<ProducerHandle>();

export class ProducerHandle {
  readonly id: string;

  constructor(producer: types.Producer) {
    this.id = producer.id;
    inner.set(this, producer);
  }

  get closed(): boolean {
    return innerOf(this).closed;
  }

  get codec(): string {
    return innerOf(this).rtpParameters.codecs[0]?.mimeType ?? 'unknown';
  }

  /** RTP packets received so far; undefined once it is closed. */
  async packets(): Promise<number | undefined> {
    return this.#sum(({ packetCount }) => packetCount);
  }

  /** What arrives at present, in bits per second; undefined once it is closed. */
  async bitrateBps(): Promise<number | undefined> {
    return this.#sum(({ bitrate }) => bitrate);
  }

  /** Idempotent. Consumers of it close, too. */
  close(): void {
    innerOf(this).close();
  }

  /** Its transport was closed, not `close()`. */
  onEnded(listener: () => void): void {
    innerOf(this).once('transportclose', listener);
  }

  async #sum(of: (stat: types.ProducerStat) => number): Promise<number | undefined> {
    const producer = innerOf(this);
    if (producer.closed) return undefined;
    try {
      const stats = await producer.getStats();
      return stats.reduce((sum, stat) => sum + of(stat), 0);
    } catch {
      // Closed, or its worker lost, while the question was under way.
      return undefined;
    }
  }
}

/** Raw video, on an ingest router. Nothing but an anonymizer link takes it. */
export class RawProducer extends ProducerHandle {
  // Declared only to tell the classes apart: without it they are one type to the compiler.
  declare protected readonly brand: 'raw';
}

/** On a room router, but nobody has vouched for it yet: nothing can consume it. */
export class PendingProducer extends ProducerHandle {
  declare protected readonly brand: 'pending';
}

/** Attested: the only thing that viewers, scans and recordings can consume. Made by `attest()`. */
export class AnonymizedProducer extends ProducerHandle {
  declare protected readonly brand: 'anonymized';
}

/** The one maker of AnonymizedProducer. The attestation must be about this very producer. */
export function attest(pending: PendingProducer, attestation: Attestation): AnonymizedProducer {
  if (!isAttestation(attestation) || attestation.producerId !== pending.id) {
    throw new LiveError('attestation-refused', 'the attestation is not about this producer');
  }
  const producer = new AnonymizedProducer(innerOf(pending));
  released.add(producer);
  return producer;
}

/** Voices as they are, by the consent of those who speak. Made by `consented()`. */
export class ConsentedSound extends ProducerHandle {
  declare protected readonly brand: 'sound';
  /** The word that it was made by. */
  readonly everybodyAgreed: true;

  constructor(producer: types.Producer, consent: { readonly everybodyAgreed: true }) {
    super(producer);
    this.everybodyAgreed = consent.everybodyAgreed;
  }
}

/**
 * The one maker of ConsentedSound. Throws `unsupported-media` for a picture, and closes it: no word
 * makes one heard. mediasoup takes a picture's codec for `audio` when it is told so.
 */
export function consented(
  producer: types.Producer,
  consent: { readonly everybodyAgreed: true },
): ConsentedSound {
  const { codecs } = producer.rtpParameters;
  const isSound = codecs.every(({ mimeType }) => mimeType.toLowerCase() === 'audio/opus');
  if (producer.kind !== 'audio' || !isSound) {
    producer.close();
    throw new LiveError(
      'unsupported-media',
      'sound is sent as audio/opus, and nothing else as sound',
    );
  }
  const sound = new ConsentedSound(producer, consent);
  released.add(sound);
  return sound;
}

/** For consuming on a room router. Throws `internal` for anything that nobody vouched for. */
export function consumable(producer: AnonymizedProducer | ConsentedSound): types.Producer {
  if (!released.has(producer)) {
    throw new LiveError('internal', `producer ${producer.id} is not attested and stays unseen`);
  }
  return innerOf(producer);
}

/** For the anonymizer link. */
export function ingested(producer: RawProducer): types.Producer {
  return innerOf(producer);
}

function innerOf(handle: ProducerHandle): types.Producer {
  const producer = inner.get(handle);
  if (!producer) throw new TypeError('a producer handle without a producer');
  return producer;
}
