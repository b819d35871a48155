import type { LiveRtpCapabilities } from '@drape/contract';
import { Device, type types } from 'mediasoup-client';
import type { SignallingClient } from '../signalling/client.ts';
import { keepConnected } from './keep-connected.ts';
import { openTransport } from './open-transport.ts';
import type { PurposedTransport } from './purposed.ts';

export type PublishPurpose = 'publish-edge' | 'publish-raw';

export interface Outlet<P extends PublishPurpose> {
  readonly device: Device;
  readonly transport: PurposedTransport<P>;
}

type Open = { readonly [P in PublishPurpose]?: Promise<Outlet<P>> };

/**
 * The publisher's transports, one per purpose, opened with the first need and kept over epochs: a
 * hand-over then costs no new handshake. `onLost` is told when one is beyond repair.
 */
export class TransportPool {
  readonly #signalling: SignallingClient;
  readonly #onLost: (purpose: PublishPurpose) => void;
  readonly #ends: (() => void)[] = [];
  #open: Open = {};
  #capabilities: Partial<Record<PublishPurpose, LiveRtpCapabilities>> = {};

  constructor(signalling: SignallingClient, onLost: (purpose: PublishPurpose) => void) {
    this.#signalling = signalling;
    this.#onLost = onLost;
  }

  /** All transports of before are void. */
  reset(capabilities: {
    readonly roomCapabilities: LiveRtpCapabilities;
    readonly ingestCapabilities?: LiveRtpCapabilities;
  }): void {
    this.close();
    const { roomCapabilities, ingestCapabilities } = capabilities;
    this.#capabilities = {
      'publish-edge': roomCapabilities,
      ...(ingestCapabilities ? { 'publish-raw': ingestCapabilities } : {}),
    };
  }

  /** Rejects with SignallingError, or with TypeError where the server gave no capabilities. */
  async get<P extends PublishPurpose>(purpose: P): Promise<Outlet<P>> {
    const known = this.#open[purpose];
    if (known) return known;
    const opening = this.#make(purpose);
    this.#open = { ...this.#open, [purpose]: opening };
    try {
      return await opening;
    } catch (error) {
      this.#forget(purpose, opening);
      throw error;
    }
  }

  /** Idempotent; can be used again after `reset`. */
  close(): void {
    for (const end of this.#ends.splice(0)) end();
    for (const opening of Object.values(this.#open)) {
      opening.then(
        ({ transport }) => {
          transport.close();
        },
        () => undefined,
      );
    }
    this.#open = {};
  }

  async #make<P extends PublishPurpose>(purpose: P): Promise<Outlet<P>> {
    const routerRtpCapabilities = this.#capabilities[purpose];
    if (!routerRtpCapabilities)
      throw new TypeError(`the server takes no ${purpose} from this page`);
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: routerRtpCapabilities as types.RtpCapabilities });
    const transport = await openTransport(this.#signalling, device, purpose);
    this.#ends.push(
      keepConnected(transport, this.#signalling, () => {
        transport.close();
        this.#forget(purpose);
        this.#onLost(purpose);
      }),
    );
    return { device, transport };
  }

  #forget(purpose: PublishPurpose, only?: Promise<unknown>): void {
    if (only && this.#open[purpose] !== only) return;
    this.#open = { ...this.#open, [purpose]: undefined };
  }
}
