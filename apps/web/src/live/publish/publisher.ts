import type { EdgeState } from '@drape/anonymizer/browser';
import { liveProfile, type LiveTimelineEvent } from '@drape/contract';
import type { RoomSession } from '../room-session.ts';
import { SignallingError } from '../signalling/errors.ts';
import type { LocalSource } from '../sources/source.ts';
import { Cell, type Store } from '../store.ts';
import { TransportPool } from '../transports/transport-pool.ts';
import { makeSigner, type EpochSigner } from './attest.ts';
import { EdgeSlot } from './edge-slot.ts';
import { PathRun, type PathTerms } from './path-run.ts';
import { plan } from './plan.ts';
import {
  INITIAL_PLAN,
  type PlanCommand,
  type PlanEvent,
  type PlanState,
  type Where,
} from './plan-state.ts';
import { tellStats, tellTimeline } from './tell.ts';

export interface PublisherTerms extends PathTerms {
  readonly where: Where;
}

export interface PublisherView {
  readonly plan: PlanState;
  /** What the page's anonymizer last said of itself. */
  readonly edgeState: EdgeState | undefined;
  /** What leaves from the edge, or would leave. */
  readonly edgeStream: MediaStream | undefined;
}

const TICK_MS = 500;

/**
 * Does what the plan says: opens and closes the page's anonymizer and the ways out of it. It owns
 * neither the session nor the source.
 */
export class Publisher {
  readonly #session: RoomSession;
  readonly #view = new Cell<PublisherView>({
    plan: INITIAL_PLAN,
    edgeState: undefined,
    edgeStream: undefined,
  });
  readonly #pool: TransportPool;
  readonly #slot: EdgeSlot;
  readonly #runs = new Map<number, PathRun>();
  readonly #offs: (() => void)[] = [];
  #signer: Promise<EpochSigner> | undefined;
  #terms: PublisherTerms | undefined;
  #source: LocalSource | undefined;
  #endSource: (() => void) | undefined;
  #closed = false;

  constructor(session: RoomSession) {
    this.#session = session;
    this.#pool = new TransportPool(session.signalling, (purpose) => {
      const mode = purpose === 'publish-edge' ? 'edge' : 'server';
      const { current, next } = this.#view.get().plan;
      for (const path of [current, next])
        if (path?.mode === mode) this.#step({ type: 'path-failed', id: path.id, code: undefined });
    });
    this.#slot = this.#makeSlot();
    this.#listen();
    const up = session.signalling.connection.get().type === 'up';
    const joined = session.joined.get();
    if (joined && up) {
      this.#pool.reset(joined);
      this.#step({ type: 'connected', resumed: false });
    }
  }

  get view(): Store<PublisherView> {
    return this.#view;
  }

  /** Needed before a source. While live it ends what is sent and sends anew on these terms. */
  configure(terms: PublisherTerms): void {
    this.#terms = terms;
    const serverOnly = liveProfile(terms.profile).where === 'server';
    this.#step({ type: 'configure', where: terms.where, serverOnly });
  }

  setSource(source: LocalSource | undefined): void {
    this.#endSource?.();
    this.#endSource = source?.onEnded(() => {
      this.#step({ type: 'stop', problem: 'source-ended' });
      this.setSource(undefined);
    });
    this.#source = source;
    this.#step({ type: 'source', present: source !== undefined });
  }

  goLive(): void {
    this.#step({ type: 'go-live' });
  }

  stop(): void {
    this.#step({ type: 'stop' });
  }

  handOver(): void {
    this.#step({ type: 'hand-over' });
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.stop();
    this.setSource(undefined);
    this.#closed = true;
    for (const off of this.#offs.splice(0)) off();
    this.#slot.close();
    this.#pool.close();
  }

  #listen(): void {
    const { signalling } = this.#session;
    const visible = () => {
      const { edge } = this.#view.get().plan;
      const hidden = edge.type === 'resting' && edge.cause === 'hidden';
      if (hidden && document.visibilityState === 'visible') this.#step({ type: 'page-visible' });
    };
    const timer = setInterval(() => {
      visible();
      this.#step({ type: 'tick' });
    }, TICK_MS);
    document.addEventListener('visibilitychange', visible);
    this.#offs.push(
      () => {
        clearInterval(timer);
        document.removeEventListener('visibilitychange', visible);
      },
      this.#session.on('joined', ({ joined, resumed }) => {
        if (!resumed) this.#pool.reset(joined);
        this.#step({ type: 'connected', resumed });
      }),
      this.#session.on('lost', () => {
        this.#step({ type: 'disconnected' });
      }),
      signalling.on('media:reset', (capabilities) => {
        this.#pool.reset(capabilities);
        this.#step({ type: 'media-reset' });
      }),
      signalling.on('publish:order', ({ to, cause }) => {
        this.#step({ type: 'order', to, cause });
      }),
      signalling.on('publish:closed', ({ epoch }) => {
        this.#step({ type: 'epoch-closed', epoch });
      }),
      signalling.on('session:ended', () => {
        this.#step({ type: 'stop' });
      }),
    );
  }

  #makeSlot(): EdgeSlot {
    return new EdgeSlot({
      onRunning: (edge) => {
        this.#view.patch({ edgeStream: new MediaStream([edge.track]) });
        this.#step({ type: 'edge-running' });
      },
      onState: (edgeState) => {
        this.#view.patch({ edgeState });
        const epoch = this.#edgeEpoch();
        if (epoch !== undefined) tellStats(this.#session.signalling, epoch, edgeState);
      },
      onTimeline: (events: readonly LiveTimelineEvent[]) => {
        const epoch = this.#edgeEpoch();
        if (epoch !== undefined) tellTimeline(this.#session.signalling, epoch, events);
      },
      onFailing: (cause, severity) => {
        this.#step({ type: 'edge-failing', cause, severity });
      },
      onUnsupported: (cause) => {
        this.#step({ type: 'edge-unsupported', cause });
      },
    });
  }

  #edgeEpoch(): number | undefined {
    const { current, next } = this.#view.get().plan;
    return [current, next].find((path) => path?.mode === 'edge')?.epoch;
  }

  #step(event: PlanEvent): void {
    if (this.#closed) return;
    const before = this.#view.get();
    const { state, commands } = plan(before.plan, event, performance.now());
    if (event.type !== 'tick' || commands.length > 0 || changed(before.plan, state)) {
      this.#view.patch({ plan: state });
    }
    for (const command of commands) this.#do(command);
  }

  #do(command: PlanCommand): void {
    switch (command.type) {
      case 'open-edge':
        this.#openEdge();
        return;
      case 'close-edge':
        this.#slot.close();
        this.#view.patch({ edgeStream: undefined, edgeState: undefined });
        return;
      case 'open-path':
        void this.#openPath(command);
        return;
      case 'close-path':
        this.#runs.get(command.id)?.close();
        this.#runs.delete(command.id);
        return;
      case 'say-stop':
        // A server that cannot be told hears it from the connection's end.
        this.#session.signalling.request('publish:stop', {}).catch(() => undefined);
    }
  }

  #openEdge(): void {
    const source = this.#source;
    if (!source || !this.#terms) return;
    const { profile, style, holdMs } = this.#terms;
    void this.#slot.open({
      track: source.track,
      profile: liveProfile(profile).pipeline,
      style,
      holdMs,
      assetsUrl: '/edge/',
    });
  }

  async #openPath({ id, mode }: Extract<PlanCommand, { type: 'open-path' }>): Promise<void> {
    const source = this.#source;
    if (!source || !this.#terms) return;
    const { profile, style, holdMs } = this.#terms;
    try {
      const signer = await (this.#signer ??= makeSigner());
      const run = new PathRun({
        session: this.#session,
        pool: this.#pool,
        signer,
        terms: { profile, style, holdMs },
        rawTrack: source.track,
        edge: this.#slot.edge,
        onEpoch: (epoch) => {
          this.#step({ type: 'path-epoch', id, epoch });
        },
      });
      if (this.#view.get().plan.next?.id !== id) return;
      this.#runs.set(id, run);
      await run.open(mode);
      this.#step({ type: 'path-live', id });
    } catch (error) {
      const code = error instanceof SignallingError ? error.code : undefined;
      const { name } = error as Error;
      if (this.#runs.has(id)) console.warn('a way out did not open', { mode, code, name });
      this.#step({ type: 'path-failed', id, code });
    }
  }
}

/** A tick that changes nothing but the time is no news. */
function changed(before: PlanState, after: PlanState): boolean {
  return (Object.keys(after) as (keyof PlanState)[]).some(
    (key) => key !== 'nowMs' && !Object.is(before[key], after[key]),
  );
}
