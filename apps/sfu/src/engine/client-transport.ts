import type { LiveDtlsParameters, LiveIceCandidate, LiveIceParameters } from '@drape/contract';
import type { types } from 'mediasoup';
import { media } from './failures.ts';

export interface TransportDescription {
  readonly id: string;
  readonly iceParameters: LiveIceParameters;
  readonly iceCandidates: LiveIceCandidate[];
  readonly dtlsParameters: LiveDtlsParameters;
}

/** One WebRTC connection of a client. What it may carry is up to the classes below it. */
export class ClientTransport {
  readonly id: string;
  protected readonly transport: types.WebRtcTransport;
  #connecting = false;

  constructor(transport: types.WebRtcTransport) {
    this.transport = transport;
    this.id = transport.id;
  }

  get closed(): boolean {
    return this.transport.closed;
  }

  describe(): TransportDescription {
    const { id, iceParameters, iceCandidates, dtlsParameters } = this.transport;
    return { id, iceParameters, iceCandidates, dtlsParameters };
  }

  /** False when it was connected before: mediasoup refuses a second time. */
  get isConnectable(): boolean {
    return !this.#connecting;
  }

  async connect(dtlsParameters: LiveDtlsParameters): Promise<void> {
    this.#connecting = true;
    await media('connect the transport', () => this.transport.connect({ dtlsParameters }));
  }

  async restartIce(): Promise<LiveIceParameters> {
    return media('restart ICE', () => this.transport.restartIce());
  }

  /** The network path is gone: no consent (RFC 7675), or the other side closed DTLS. */
  onGone(listener: () => void): void {
    let told = false;
    const tell = (): void => {
      if (told) return;
      told = true;
      listener();
    };
    this.transport.on('icestatechange', (state) => {
      if (state === 'disconnected') tell();
      // An ICE restart brought it back.
      if (state === 'connected' || state === 'completed') told = false;
    });
    this.transport.on('dtlsstatechange', (state) => {
      if (state === 'closed' || state === 'failed') tell();
    });
  }

  /** Idempotent. What it carries closes, too. */
  close(): void {
    this.transport.close();
  }
}
