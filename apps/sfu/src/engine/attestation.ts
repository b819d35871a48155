import { webcrypto } from 'node:crypto';
import {
  type AttestationStatement,
  canonicalJson,
  LiveError,
  type LiveProfileName,
  type LivePublicKey,
  type LiveStyle,
  type ModelRef,
} from '@drape/contract';

const genuine = new WeakSet<Attestation>();

/** Proof that one producer carries covered pictures. Made here only, after the checks. */
export class Attestation {
  readonly producerId: string;
  readonly profile: string;
  readonly models: readonly ModelRef[];

  private constructor(producerId: string, profile: string, models: readonly ModelRef[]) {
    this.producerId = producerId;
    this.profile = profile;
    this.models = models;
    genuine.add(this);
  }

  /** The server's own pipeline vouches for what it sends. */
  static ofPipeline(
    producerId: string,
    said: { readonly profile: string; readonly models: readonly ModelRef[] },
  ): Attestation {
    return new Attestation(producerId, said.profile, said.models);
  }

  /**
   * Checks what a publisher's page signed against what its epoch was opened with.
   * Throws `attestation-refused` with the first thing that does not hold.
   */
  static async ofEdge(
    signed: { readonly statement: AttestationStatement; readonly signature: string },
    expected: ExpectedStatement,
  ): Promise<Attestation> {
    const { statement } = signed;
    for (const field of ['roomId', 'epoch', 'producerId', 'profile', 'holdMs'] as const) {
      if (statement[field] !== expected[field]) refuse(`${field} is not that of the epoch`);
    }
    if (canonicalJson(statement.style) !== canonicalJson(expected.style)) {
      refuse('style is not that of the epoch');
    }
    checkModels(statement.models, expected.models);
    if (!(await isSigned(signed, expected.publicKey))) refuse('the signature does not hold');
    return new Attestation(statement.producerId, statement.profile, statement.models);
  }
}

export interface ExpectedStatement {
  readonly roomId: string;
  readonly epoch: number;
  readonly producerId: string;
  readonly profile: LiveProfileName;
  readonly style: LiveStyle;
  readonly holdMs: number;
  readonly publicKey: LivePublicKey;
  readonly models: ModelPolicy;
}

/** Which models an edge may and must name. */
export interface ModelPolicy {
  /** Every build (sha256) of a model that this server knows, by the model's id. */
  readonly known: ReadonlyMap<string, ReadonlySet<string>>;
  readonly required: readonly string[];
}

export function isAttestation(value: Attestation): boolean {
  return genuine.has(value);
}

function checkModels(models: readonly ModelRef[], policy: ModelPolicy): void {
  for (const { id, sha256 } of models) {
    if (policy.known.get(id)?.has(sha256) !== true)
      refuse(`model "${id}" is not one of this server`);
  }
  const lacking = policy.required.find((id) => !models.some((model) => model.id === id));
  if (lacking !== undefined) refuse(`model "${lacking}" is missing`);
}

async function isSigned(
  signed: { readonly statement: AttestationStatement; readonly signature: string },
  publicKey: LivePublicKey,
): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  try {
    const key = await webcrypto.subtle.importKey('jwk', publicKey, algorithm, false, ['verify']);
    const bytes = new TextEncoder().encode(canonicalJson(signed.statement));
    const signature = Buffer.from(signed.signature, 'base64url');
    return await webcrypto.subtle.verify(algorithm, key, signature, bytes);
  } catch {
    // A point that is not on the curve.
    return false;
  }
}

function refuse(why: string): never {
  throw new LiveError('attestation-refused', `${why}; publish in server mode instead`);
}
