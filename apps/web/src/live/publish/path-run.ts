import type { EdgeAnonymizer } from '@drape/anonymizer/browser';
import type { LiveProfileName, LiveStyle, PublishMode, RoomState } from '@drape/contract';
import type { types } from 'mediasoup-client';
import type { RoomSession } from '../room-session.ts';
import type { TransportPool } from '../transports/transport-pool.ts';
import type { EpochSigner } from './attest.ts';
import { followServerRate } from './frame-rate.ts';
import { publishEdge } from './publish-edge.ts';
import { publishRaw } from './publish-raw.ts';

export interface PathTerms {
  readonly profile: LiveProfileName;
  readonly style: LiveStyle;
  readonly holdMs: number;
}

export interface PathParts {
  readonly session: RoomSession;
  readonly pool: TransportPool;
  readonly signer: EpochSigner;
  readonly terms: PathTerms;
  readonly rawTrack: MediaStreamTrack;
  /** What the page anonymizes with at this moment. */
  readonly edge: EdgeAnonymizer | undefined;
  readonly onEpoch: (epoch: number) => void;
}

/** The server starts its anonymizer and decides its first frames; models load in seconds. */
const SERVER_LIVE_WITHIN_MS = 25_000;

/**
 * One way out of the page, from `publish:start` on. `open` resolves once viewers get it and rejects
 * with SignallingError, or with the signal's reason; `close` is idempotent and may come at any time.
 */
export class PathRun {
  readonly #parts: PathParts;
  readonly #abort = new AbortController();
  #producer: types.Producer | undefined;
  #endRate: (() => void) | undefined;

  constructor(parts: PathParts) {
    this.#parts = parts;
  }

  open(mode: PublishMode): Promise<void> {
    return mode === 'edge' ? this.#openEdge() : this.#openServer();
  }

  close(): void {
    this.#abort.abort();
    this.#endRate?.();
    this.#producer?.close();
  }

  async #openEdge(): Promise<void> {
    const { session, pool, signer, terms, edge, onEpoch } = this.#parts;
    if (!edge) throw new TypeError('there is no anonymizer in this page');
    const { signalling } = session;
    const { publicKey } = signer;
    const started = await signalling.request('publish:start', {
      mode: 'edge',
      ...terms,
      publicKey,
    });
    const { epoch, maxBitrateBps } = started;
    onEpoch(epoch);
    const { device, transport } = await pool.get('publish-edge');
    const { track } = edge;
    const producer = this.#own(
      await publishEdge({ device, transport, track, epoch, maxBitrateBps }),
    );
    const statement = {
      roomId: roomIdOf(session),
      epoch,
      producerId: producer.id,
      ...terms,
      models: edge.models.map(({ id, sha256 }) => ({ id, sha256 })),
      atMs: Date.now(),
    };
    const signature = await signer.sign(statement);
    await signalling.request('publish:attest', { epoch, statement, signature });
  }

  async #openServer(): Promise<void> {
    const { session, pool, terms, rawTrack, onEpoch } = this.#parts;
    const started = await session.signalling.request('publish:start', { mode: 'server', ...terms });
    const { epoch, maxBitrateBps } = started;
    onEpoch(epoch);
    const { device, transport } = await pool.get('publish-raw');
    const producer = this.#own(
      await publishRaw({ device, transport, rawTrack, epoch, maxBitrateBps }),
    );
    this.#endRate = followServerRate(session.state, { epoch, producer });
    await this.#serverLive(epoch);
  }

  #own(producer: types.Producer): types.Producer {
    this.#producer = producer;
    if (this.#abort.signal.aborted) producer.close();
    this.#abort.signal.throwIfAborted();
    return producer;
  }

  #serverLive(epoch: number): Promise<void> {
    const { state } = this.#parts.session;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const signal = AbortSignal.any([
      this.#abort.signal,
      AbortSignal.timeout(SERVER_LIVE_WITHIN_MS),
    ]);
    const look = () => {
      if (isServerEpoch(state.get(), epoch)) resolve(undefined);
    };
    const off = state.subscribe(look);
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
    look();
    return promise.finally(off);
  }
}

/** The server counts on when it has to restart its anonymizer: any epoch from ours on is ours. */
function isServerEpoch(state: RoomState | undefined, epoch: number): boolean {
  return state?.mode === 'server' && state.epoch !== undefined && state.epoch >= epoch;
}

function roomIdOf(session: RoomSession): string {
  const joined = session.joined.get();
  if (!joined) throw new TypeError('the room has not been joined');
  return joined.room.id;
}
