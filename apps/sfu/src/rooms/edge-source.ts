import {
  type AttestationStatement,
  LiveError,
  type LivePublicKey,
  type ModelRef,
} from '@drape/contract';
import {
  type AnonymizedProducer,
  attest,
  Attestation,
  type EdgeTransport,
  type ModelPolicy,
  type PendingProducer,
  type ProduceOptions,
} from '../engine/index.ts';
import type { EpochTerms } from './room-record.ts';

export interface SignedStatement {
  readonly statement: AttestationStatement;
  readonly signature: string;
}

/** An epoch that the publisher's browser anonymizes. */
export class EdgeSource {
  readonly mode = 'edge';
  readonly epoch: number;
  readonly terms: EpochTerms;
  readonly #publicKey: LivePublicKey;
  #pending: PendingProducer | undefined;
  #busy = false;
  #closed = false;

  constructor(epoch: number, terms: EpochTerms, publicKey: LivePublicKey) {
    this.epoch = epoch;
    this.terms = terms;
    this.#publicKey = publicKey;
  }

  /** Nobody sees it yet. One producer per epoch: what was attested is what is shown. */
  async produce(transport: EdgeTransport, options: ProduceOptions): Promise<string> {
    if (this.#busy) throw new LiveError('wrong-state', 'this epoch has its producer already');
    this.#busy = true;
    try {
      const pending = await transport.produce(options);
      if (this.#closed) {
        pending.close();
        throw new LiveError('stale-epoch', 'the epoch was replaced meanwhile');
      }
      this.#pending = pending;
      return pending.id;
    } catch (error) {
      this.#busy = false;
      throw error;
    }
  }

  /** Throws `wrong-state` before `produce()`, `attestation-refused` when a check fails. */
  async attest(
    signed: SignedStatement,
    known: { readonly roomId: string; readonly models: ModelPolicy },
  ): Promise<{ readonly producer: AnonymizedProducer; readonly models: readonly ModelRef[] }> {
    const pending = this.#pending;
    if (!pending) throw new LiveError('wrong-state', 'send publish:produce before publish:attest');
    const { profile, style, holdMs } = this.terms;
    const attestation = await Attestation.ofEdge(signed, {
      ...known,
      epoch: this.epoch,
      producerId: pending.id,
      profile,
      style,
      holdMs,
      publicKey: this.#publicKey,
    });
    if (this.#closed) throw new LiveError('stale-epoch', 'the epoch was replaced meanwhile');
    return { producer: attest(pending, attestation), models: attestation.models };
  }

  /** Idempotent. Closes the producer; viewers lose it. */
  close(): void {
    this.#closed = true;
    this.#pending?.close();
  }
}
