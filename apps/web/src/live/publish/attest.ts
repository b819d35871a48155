import {
  canonicalJson,
  publicKeySchema,
  statementSchema,
  type AttestationStatement,
  type LivePublicKey,
} from '@drape/contract';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** Signs for one page session. The private half cannot be exported and dies with the page. */
export interface EpochSigner {
  readonly publicKey: LivePublicKey;
  /** base64url of ECDSA-SHA256 (raw r and s) over the canonical JSON of the statement. */
  readonly sign: (statement: AttestationStatement) => Promise<string>;
}

/** Needs WebCrypto, and so a secure context. */
export async function makeSigner(): Promise<EpochSigner> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  const publicKey = publicKeySchema.parse(await crypto.subtle.exportKey('jwk', pair.publicKey));
  return {
    publicKey,
    sign: async (statement) => {
      // Parsed first, so that exactly the members that the server will read are signed.
      const bytes = new TextEncoder().encode(canonicalJson(statementSchema.parse(statement)));
      const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        pair.privateKey,
        bytes,
      );
      return base64Url(new Uint8Array(signature));
    },
  };
}

export function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
