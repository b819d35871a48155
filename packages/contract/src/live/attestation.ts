import * as z from 'zod';
import {
  epochSchema,
  handleSchema,
  holdMsSchema,
  modelRefSchema,
  profileNameSchema,
  roomIdSchema,
  styleSchema,
  wallMsSchema,
} from './names.ts';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Public half of the page session's ECDSA key on P-256 (RFC 7517, 7518 section 6.2.1). */
export const publicKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: coordinate,
  y: coordinate,
});
export type LivePublicKey = z.infer<typeof publicKeySchema>;

/**
 * What a publisher says of an edge epoch: this producer of this room carries what this profile,
 * with these models, has covered. Signed as `canonicalJson(statement)` in UTF-8.
 */
export const statementSchema = z.object({
  roomId: roomIdSchema,
  epoch: epochSchema,
  producerId: handleSchema,
  profile: profileNameSchema,
  style: styleSchema,
  holdMs: holdMsSchema,
  models: z.array(modelRefSchema).min(1).max(20),
  atMs: wallMsSchema,
});
export type AttestationStatement = z.infer<typeof statementSchema>;

/** ECDSA with SHA-256, raw r and s (IEEE P1363, as WebCrypto gives them), base64url: 64 bytes. */
export const signatureSchema = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
