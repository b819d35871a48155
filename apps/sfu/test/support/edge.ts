import { webcrypto } from 'node:crypto';
import {
  type AttestationStatement,
  canonicalJson,
  type LivePublicKey,
  publicKeySchema,
} from '@drape/contract';
import type { ModelPolicy } from '../../src/engine/index.ts';

export const model = { id: 'face-centerface', sha256: 'a'.repeat(64) };
export const models: ModelPolicy = {
  known: new Map([[model.id, new Set([model.sha256])]]),
  required: [model.id],
};

export interface EdgeKey {
  readonly publicKey: LivePublicKey;
  readonly sign: (statement: AttestationStatement) => Promise<string>;
}

/** The key of a page's session, as the page makes it. */
export async function edgeKey(): Promise<EdgeKey> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const pair = await webcrypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const jwk = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
  return {
    publicKey: publicKeySchema.parse(jwk),
    sign: async (statement) => {
      const bytes = new TextEncoder().encode(canonicalJson(statement));
      const signature = await webcrypto.subtle.sign(algorithm, pair.privateKey, bytes);
      return Buffer.from(signature).toString('base64url');
    },
  };
}
