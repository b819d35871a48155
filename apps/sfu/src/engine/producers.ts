import { LiveError } from '@drape/contract';
import type { types } from 'mediasoup';
import { type Attestation, isAttestation } from './attestation.ts';

/** mediasoup's own objects stay behind these classes; only this folder gets at them. */
const inner = new WeakMap<ProducerHandle, types.Producer>();
/** The runtime half of the law: what is not in here is never consumed on a room router. */
const attested = new WeakSet<ProducerHandle>();

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
  attested.add(producer);
  return producer;
}

/** For consuming on a room router. Throws `internal` for anything that was not attested. */
export function consumable(producer: AnonymizedProducer): types.Producer {
  if (!attested.has(producer)) {
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
