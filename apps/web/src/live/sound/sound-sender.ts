import { Device, type types } from 'mediasoup-client';
import type { RoomSession } from '../room-session.ts';
import { SourceError, type SourceErrorReason } from '../sources/source.ts';
import { Cell, type Store } from '../store.ts';
import { keepConnected } from '../transports/keep-connected.ts';
import { openTransport } from '../transports/open-transport.ts';
import { openMicrophone } from './microphone.ts';

/** Why sound is off although somebody switched it on. `lost`: the connection, the server, the device. */
export type SoundProblem = SourceErrorReason | 'lost' | 'refused';

export type SoundState =
  | { readonly type: 'off'; readonly problem?: SoundProblem }
  | { readonly type: 'starting' }
  | { readonly type: 'on'; readonly track: MediaStreamTrack };

/** Everything that is open while sound is sent; closed as one. */
interface Sending {
  readonly track: MediaStreamTrack;
  transport?: types.Transport;
  endWatch?: () => void;
}

/**
 * Sends the microphone, from the moment that somebody says that everybody agreed. Whatever breaks
 * switches it off: that word is asked for again, never remembered.
 */
export class SoundSender {
  readonly #session: RoomSession;
  readonly #state = new Cell<SoundState>({ type: 'off' });
  readonly #offs: (() => void)[];
  #sending: Sending | undefined;
  /** Counts up with every switch, so that a late answer is recognised. */
  #switches = 0;

  constructor(session: RoomSession) {
    this.#session = session;
    const lost = () => {
      this.#end('lost');
    };
    this.#offs = [
      session.signalling.on('sound:closed', lost),
      session.signalling.on('media:reset', lost),
      session.on('joined', ({ resumed }) => {
        if (!resumed) lost();
      }),
    ];
  }

  get state(): Store<SoundState> {
    return this.#state;
  }

  /** Only after somebody has said that everybody agreed. Never rejects: the state says why not. */
  async start(): Promise<void> {
    if (this.#state.get().type !== 'off') return;
    const at = ++this.#switches;
    this.#state.set({ type: 'starting' });
    try {
      const track = await openMicrophone();
      if (at !== this.#switches) {
        track.stop();
        return;
      }
      this.#sending = { track };
      track.addEventListener('ended', () => {
        if (at === this.#switches) this.#end('lost');
      });
      await this.#send(this.#sending);
      if (at === this.#switches) this.#state.set({ type: 'on', track });
    } catch (error) {
      if (at !== this.#switches) return;
      const problem = error instanceof SourceError ? error.reason : 'refused';
      if (problem === 'refused') {
        console.warn('sound could not be sent', { name: (error as Error).name });
      }
      this.#end(problem);
    }
  }

  /** Idempotent. */
  stop(): void {
    if (this.#state.get().type === 'off') return;
    this.#end(undefined);
    // A server that cannot be told hears it from the transport's end.
    this.#session.signalling.request('sound:stop', {}).catch(() => undefined);
  }

  /** Idempotent. */
  close(): void {
    this.stop();
    for (const off of this.#offs.splice(0)) off();
  }

  async #send(sending: Sending): Promise<void> {
    const capabilities = this.#session.joined.get()?.roomCapabilities;
    if (!capabilities) throw new TypeError('the room was not joined');
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: capabilities as types.RtpCapabilities });
    const { signalling } = this.#session;
    const transport = await openTransport(signalling, device, 'publish-sound');
    if (this.#sending !== sending) {
      transport.close();
      return;
    }
    sending.transport = transport;
    sending.endWatch = keepConnected(transport, signalling, () => {
      this.#end('lost');
    });
    // Silence costs next to nothing (DTX), and a lost packet is mended from the next one (FEC).
    await transport.produce({
      track: sending.track,
      codecOptions: { opusDtx: true, opusFec: true, opusStereo: false },
    });
  }

  #end(problem: SoundProblem | undefined): void {
    if (this.#state.get().type === 'off') return;
    this.#switches++;
    const sending = this.#sending;
    this.#sending = undefined;
    sending?.endWatch?.();
    sending?.track.stop();
    sending?.transport?.close();
    this.#state.set(problem === undefined ? { type: 'off' } : { type: 'off', problem });
  }
}
