import { errors, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { LiveError, roleSchema, roomIdSchema, type Role } from '@drape/contract';
import type { State, Store } from '../store/index.ts';

/** Asymmetric, so that another host could verify without being able to make one. Nothing else is accepted. */
const algorithm = 'EdDSA';
const audience = 'drape';
/** The clock of a machine that is being set right may step back. */
const clockToleranceS = 5;
/** Ours are below 400 characters. */
const longestToken = 2048;

const tokenId = z.string().min(1).max(64);
const claimsSchema = z
  .object({
    sub: z.string().min(1).max(64),
    role: roleSchema,
    room: z.exactOptional(roomIdSchema),
    jti: tokenId,
    exp: z.number(),
  })
  .refine(({ role, room }) => (role === 'administrator') === (room === undefined));

/** What a token says, once its signature and its time have been checked. */
export interface Claims {
  readonly tokenId: string;
  /** Random name of whom it was made for; not a person's. */
  readonly subject: string;
  readonly role: Role;
  /** Undefined for administrators, who may enter every room. */
  readonly room: string | undefined;
  readonly expiresAtMs: number;
}

/** Signs and checks tokens with the store's key, which it makes where there is none. */
export async function openTokens(store: Store, now: () => number): Promise<Tokens> {
  if (store.state.signingKey === undefined) {
    const signingKey = await newKey();
    await store.update((state) => (state.signingKey ? state : { ...state, signingKey }));
  }
  const { signingKey } = store.state;
  if (signingKey === undefined) throw new LiveError('internal', 'The signing key is missing.');
  const { kty, crv, x } = signingKey;
  const privateKey = await importJWK(signingKey, algorithm);
  const publicKey = await importJWK({ kty, crv, x }, algorithm);
  return new Tokens({ privateKey, publicKey, now });
}

type Key = Awaited<ReturnType<typeof importJWK>>;

export class Tokens {
  readonly #privateKey: Key;
  readonly #publicKey: Key;
  readonly #now: () => number;

  constructor(options: { privateKey: Key; publicKey: Key; now: () => number }) {
    this.#privateKey = options.privateKey;
    this.#publicKey = options.publicKey;
    this.#now = options.now;
  }

  sign({ tokenId: jti, subject, role, room, expiresAtMs }: Claims): Promise<string> {
    return new SignJWT({ role, ...(room === undefined ? {} : { room }) })
      .setProtectedHeader({ alg: algorithm })
      .setSubject(subject)
      .setJti(jti)
      .setAudience(audience)
      .setExpirationTime(Math.floor(expiresAtMs / 1000))
      .sign(this.#privateKey);
  }

  /** @throws LiveError `unauthenticated`, `token-expired`; its message holds nothing of the token */
  async verify(token: string): Promise<Claims> {
    if (token.length > longestToken) throw unknownToken();
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        algorithms: [algorithm],
        audience,
        clockTolerance: clockToleranceS,
        currentDate: new Date(this.#now()),
        requiredClaims: ['exp', 'jti', 'sub'],
      });
      const { sub, role, room, jti, exp } = claimsSchema.parse(payload);
      return { tokenId: jti, subject: sub, role, room, expiresAtMs: exp * 1000 };
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new LiveError('token-expired', 'This link has expired: ask for a new one.');
      }
      throw unknownToken();
    }
  }
}

export function unknownToken(): LiveError {
  return new LiveError('unauthenticated', 'This link is not valid here: ask for a new one.');
}

async function newKey(): Promise<NonNullable<State['signingKey']>> {
  const { privateKey } = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true });
  const { x, d } = await exportJWK(privateKey);
  if (x === undefined || d === undefined) throw new LiveError('internal', 'No Ed25519 key.');
  return { kty: 'OKP', crv: 'Ed25519', x, d };
}
