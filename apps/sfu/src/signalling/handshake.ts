import { handshakeSchema, LIVE_PROTOCOL, LiveError, type Handshake } from '@drape/contract';
import * as z from 'zod';
import type { Identity } from '../rooms/index.ts';

export interface Admission {
  readonly identity: Identity;
  /** Of the room, for people. */
  readonly title: string;
}

/** Who may come in is decided elsewhere. */
export interface Gate {
  /** Rejects with LiveError: `unauthenticated`, `token-expired`, `room-not-found`, `rate-limited` … */
  admit(request: {
    readonly token: string;
    /** For administrators, whose token names no room. */
    readonly room: string | undefined;
    /** Remote address as the connection or a trusted proxy tells it. */
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly address: string;
  }): Promise<Admission>;
}

/** Throws LiveError `protocol-mismatch` or `malformed`. Never repeats what it was given. */
export function parseHandshake(auth: unknown): Handshake {
  const parsed = handshakeSchema.safeParse(auth);
  if (parsed.success) return parsed.data;
  const protocol = z.object({ protocol: z.number() }).safeParse(auth);
  if (protocol.success && protocol.data.protocol !== LIVE_PROTOCOL) {
    throw new LiveError(
      'protocol-mismatch',
      `this server speaks protocol ${LIVE_PROTOCOL}: reload the page`,
    );
  }
  const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'auth');
  throw new LiveError('malformed', `handshake: ${[...new Set(fields)].join(', ')}`);
}
