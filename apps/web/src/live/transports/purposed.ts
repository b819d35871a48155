import type { TransportPurpose } from '@drape/contract';
import type { types } from 'mediasoup-client';

declare const purpose: unique symbol;

/**
 * A transport that says in its type what the server made it for. Only `openTransport` makes them:
 * so a raw track cannot be given to a transport whose packets viewers get, and the compiler knows.
 */
export type PurposedTransport<P extends TransportPurpose> = types.Transport & {
  readonly [purpose]: P;
};

export type EdgeTransport = PurposedTransport<'publish-edge'>;
export type RawTransport = PurposedTransport<'publish-raw'>;
export type WatchTransport = PurposedTransport<'watch'>;
