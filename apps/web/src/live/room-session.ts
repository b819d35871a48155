import type { EventOf, ReplyOf, RoomState } from '@drape/contract';
import { Emitter } from './emitter.ts';
import { SignallingClient, type SignallingOptions } from './signalling/client.ts';
import { SignallingError } from './signalling/errors.ts';
import { Cell, type Store } from './store.ts';

export type Joined = ReplyOf<'room:join'>;

interface Events {
  /** `resumed`: transports and epochs of before are still there. */
  joined: { readonly joined: Joined; readonly resumed: boolean };
  lost: undefined;
}

const REJOIN_AFTER_MS = 1000;

/** One page in one room: joins whenever there is a connection, and follows the room's state. */
export class RoomSession {
  readonly signalling: SignallingClient;
  readonly #joined = new Cell<Joined | undefined>(undefined);
  readonly #state = new Cell<RoomState | undefined>(undefined);
  readonly #events = new Emitter<Events>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #up = false;

  constructor(options: SignallingOptions) {
    this.signalling = new SignallingClient(options);
    this.signalling.on('room:state', (state) => {
      this.#state.set(state);
    });
    this.signalling.on('welcome', (welcome) => void this.#join(welcome));
    this.signalling.connection.subscribe(() => {
      const up = this.signalling.connection.get().type === 'up';
      if (this.#up && !up) this.#events.emit('lost', undefined);
      this.#up = up;
    });
  }

  get joined(): Store<Joined | undefined> {
    return this.#joined;
  }

  get state(): Store<RoomState | undefined> {
    return this.#state;
  }

  on<N extends keyof Events>(name: N, listener: (event: Events[N]) => void): () => void {
    return this.#events.on(name, listener);
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#events.clear();
    this.signalling.close();
  }

  async #join(welcome: EventOf<'welcome'>): Promise<void> {
    clearTimeout(this.#retry);
    try {
      const joined = await this.signalling.request('room:join', {});
      this.#state.set(joined.state);
      this.#joined.set(joined);
      this.#events.emit('joined', { joined, resumed: welcome.resumed });
    } catch (error) {
      const lost = error instanceof SignallingError && error.reason === 'disconnected';
      // A new connection says welcome, and this runs again.
      if (lost || this.signalling.connection.get().type !== 'up') return;
      console.warn('the room could not be joined', { name: (error as Error).name });
      this.#retry = setTimeout(() => void this.#join(welcome), REJOIN_AFTER_MS);
    }
  }
}
