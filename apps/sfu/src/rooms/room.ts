import { setTimeout as delay } from 'node:timers/promises';
import {
  type EpochCloseCause,
  type EventName,
  type EventOf,
  LiveError,
  type RoomState,
  type SessionEndReason,
  type StateCause,
} from '@drape/contract';
import type { ConsentedSound, MediaEngine, ModelPolicy, RoomMedia } from '../engine/index.ts';
import type { Log } from '../log.ts';
import { Audience } from './audience.ts';
import { BitrateLoop } from './bitrate-loop.ts';
import type { OpenAnonymizer, OpenScan, ScanHit } from './ports.ts';
import {
  type LivePicture,
  Publication,
  type PublicationEvents,
  type PublicationTimes,
} from './publication.ts';
import { RoomFace } from './room-face.ts';
import { type Incident, type RecordSnapshot, RoomRecord, type Tally } from './room-record.ts';
import { RoomSound } from './room-sound.ts';
import { ScanGuard } from './scan-guard.ts';
import type { Session } from './session.ts';

const RECOVER_EVERY_MS = 1000;

export interface RoomLimits {
  readonly maxViewers: number;
  readonly maxBitrateBps: number;
}

export interface RoomOptions {
  readonly engine: MediaEngine;
  readonly openAnonymizer: OpenAnonymizer;
  /** Absent: nobody looks twice. */
  readonly openScan: OpenScan | undefined;
  readonly models: ModelPolicy;
  readonly limits: RoomLimits;
  readonly times: PublicationTimes;
  readonly tally: Tally;
  /** Whether the machine has memory for a second, warm anonymizer per stream. */
  readonly maySpare: () => boolean;
  readonly log: Log;
}

/** One room while somebody is in it. Its media live as long as it does. */
export class Room {
  readonly id: string;
  readonly audience: Audience;
  readonly #options: RoomOptions;
  readonly #sessions = new Set<Session>();
  readonly #face = new RoomFace();
  readonly #scan: ScanGuard | undefined;
  readonly #sound: RoomSound;
  #record: RoomRecord;
  #media: Promise<RoomMedia> | undefined;
  /** Who has the right to publish; it outlives a media worker, the publication does not. */
  #holder: Session | undefined;
  #publication: Publication | undefined;
  #bitrate: BitrateLoop | undefined;
  #epochs = 0;
  #closed = false;

  constructor(id: string, options: RoomOptions) {
    this.id = id;
    this.#options = options;
    this.audience = new Audience(options.log);
    this.#record = new RoomRecord(options.tally);
    const { openScan, log } = options;
    this.#sound = new RoomSound({
      onStart: (producer) => {
        this.#record.soundBegins(Date.now());
        this.audience.play(producer);
        log.info({ room: id }, 'sound is sent, by consent');
        this.tellState();
      },
      onEnd: () => {
        this.#record.soundEnds(Date.now());
        this.audience.silence();
        this.tellState();
      },
    });
    this.#scan =
      openScan &&
      new ScanGuard({
        roomId: id,
        openScan,
        log,
        onHit: (picture, hit) => {
          this.#hit(picture, hit);
        },
      });
  }

  get empty(): boolean {
    return this.#sessions.size === 0;
  }

  get limits(): RoomLimits {
    return this.#options.limits;
  }

  get sessions(): ReadonlySet<Session> {
    return this.#sessions;
  }

  /** What happened since somebody last took the room to publish. */
  get record(): RecordSnapshot {
    return this.#record.snapshot();
  }

  state(): RoomState {
    const state = this.#face.state(this.audience.viewers);
    return this.#sound.on ? { ...state, sound: true } : state;
  }

  /** Throws `room-full`. */
  enter(session: Session): void {
    if (this.#closed) throw new LiveError('room-not-found', 'the room is closed');
    let viewers = 0;
    for (const { identity } of this.#sessions) if (identity.role === 'viewer') viewers++;
    if (session.identity.role === 'viewer' && viewers >= this.limits.maxViewers) {
      throw new LiveError('room-full', `the room takes ${viewers} viewers`);
    }
    this.#sessions.add(session);
  }

  /** Idempotent. A publisher takes its picture along. */
  leave(session: Session): void {
    if (!this.#sessions.delete(session)) return;
    this.audience.stop(session);
    if (this.#holder === session) this.unpublish(session, 'no-publisher');
    else this.tellState();
  }

  /** The room's routers; opened with the first need. Rejects with `media-unavailable`. */
  media(): Promise<RoomMedia> {
    if (this.#closed) throw new LiveError('room-not-found', 'the room is closed');
    this.#media ??= this.#openMedia();
    return this.#media;
  }

  /**
   * The right to publish: given if nobody has it, or if whoever has it is away.
   * Throws `publisher-present`.
   */
  async publish(session: Session): Promise<Publication> {
    const media = await this.media();
    this.#takeHold(session);
    if (this.#publication) return this.#publication;
    const { openAnonymizer, models, limits, times, maySpare, log } = this.#options;
    const context = {
      roomId: this.id,
      media,
      openAnonymizer,
      models,
      times,
      maySpare,
      spareAfterMs: times.spareAfterMs,
      log,
      maxBitrateBps: limits.maxBitrateBps,
      nextEpoch: () => ++this.#epochs,
    };
    this.#publication = new Publication(session, context, this.#publicationEvents());
    this.#face.covered('starting');
    this.tellState();
    return this.#publication;
  }

  /** Throws `wrong-state` if it is not the one who publishes. */
  publicationOf(session: Session): Publication {
    if (this.#holder === session && this.#publication) return this.#publication;
    throw new LiveError('wrong-state', 'send publish:start first');
  }

  /** Throws `wrong-state` if it is not the one who publishes. */
  async startSound(session: Session, produce: () => Promise<ConsentedSound>): Promise<string> {
    this.publicationOf(session);
    return this.#sound.start(session, produce, () => this.#holder === session);
  }

  /** Idempotent. */
  stopSound(session: Session): void {
    if (this.#holder === session) this.#sound.stop();
  }

  /** Idempotent. */
  unpublish(session: Session, cause: StateCause & EpochCloseCause): void {
    if (this.#holder !== session) return;
    this.#holder = undefined;
    this.#sound.stop();
    this.#publication?.close(cause);
    this.#publication = undefined;
    this.#hide();
    this.#face.off(cause);
    this.tellState();
  }

  /** An administrator's word: the browser is trusted no more, or may be again. */
  orderServer(cause: StateCause, detail: string): void {
    const publication = this.#publication;
    if (!publication) return;
    publication.forbidEdge(cause, detail);
    publication.owner.send('publish:order', { to: 'server', cause });
  }

  tellState(): void {
    this.tell('room:state', this.state());
  }

  tell<N extends EventName>(name: N, event: EventOf<N>): void {
    for (const session of this.#sessions) session.send(name, event);
  }

  /** A session of this room is away or back: a stall is its doing, or no longer. */
  attendanceChanged(): void {
    this.tellState();
  }

  /** Idempotent. Everybody is told and put out. */
  close(reason: SessionEndReason): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const session of this.#sessions) session.end(reason);
    this.#sessions.clear();
    this.#holder = undefined;
    this.#sound.stop();
    this.#publication?.close('stopped');
    this.#publication = undefined;
    this.#hide();
    this.audience.reset();
    this.#media?.then((media) => {
      media.close();
    }, ignore);
  }

  #takeHold(session: Session): void {
    const holder = this.#holder;
    if (holder === session) return;
    if (holder?.attached === true) {
      throw new LiveError('publisher-present', 'somebody else publishes into this room');
    }
    if (holder) {
      this.leave(holder);
      holder.end('replaced');
    }
    this.#holder = session;
    this.#record = new RoomRecord(this.#options.tally);
  }

  #publicationEvents(): PublicationEvents {
    return {
      onLive: (picture) => {
        this.#live(picture);
      },
      onDown: (cause, detail) => {
        this.#hide();
        if (cause !== 'residual-hit') this.#incident('anonymizer-ended', detail);
        this.#face.covered(cause);
        this.tellState();
      },
      onFlow: (flowing) => {
        const away = this.#holder?.attached === false;
        if (!flowing) this.#incident('publisher-stalled', away ? 'away' : 'connected');
        this.#face.flow(flowing, away ? 'publisher-lost' : 'publisher-stalled');
        this.tellState();
      },
      onStats: (stats) => {
        this.#face.stats(stats);
        this.tellState();
      },
      onTimeline: (epoch, events) => {
        this.#record.timeline(epoch, events);
      },
    };
  }

  #live(picture: LivePicture): void {
    const { epoch, terms, models, producer } = picture;
    this.#record.epochBegins({ ...terms, epoch, models, fromMs: Date.now() });
    this.#face.live(picture);
    this.audience.show({ epoch, producer });
    this.#bitrate?.close();
    if (terms.mode === 'server') this.#bitrate = this.#guideBitrate(picture);
    this.#media?.then((media) => {
      if (this.#face.picture === picture) this.#scan?.watch(media, picture);
    }, ignore);
    this.tellState();
    this.#options.log.info({ room: this.id, epoch, mode: terms.mode }, 'epoch is live');
  }

  #guideBitrate(picture: LivePicture): BitrateLoop {
    return new BitrateLoop({
      audience: this.audience,
      picture,
      mostBps: this.limits.maxBitrateBps,
      apply: (bps) => {
        this.#publication?.setMaxBitrate(bps);
      },
    });
  }

  #hide(): void {
    this.#bitrate?.close();
    this.#record.epochEnds(Date.now());
    this.audience.hide();
    this.#scan?.close();
  }

  #hit({ epoch, terms }: LivePicture, hit: ScanHit): void {
    const detail = `${hit.class} ${hit.score.toFixed(2)}`;
    this.#options.log.warn({ room: this.id, epoch, ...hit }, 'residual scan saw something');
    this.#incident('residual-hit', detail);
    if (terms.mode === 'edge') this.orderServer('residual-hit', detail);
  }

  #incident(kind: Incident['kind'], detail: string): void {
    const epoch = this.#face.picture?.epoch;
    this.#record.incident({ atMs: Date.now(), epoch, kind, detail });
  }

  async #openMedia(): Promise<RoomMedia> {
    try {
      const media = await this.#options.engine.openRoom({
        onLost: () => {
          this.#mediaLost();
        },
      });
      if (!this.#closed) return media;
      media.close();
      throw new LiveError('room-not-found', 'the room is closed');
    } catch (error) {
      this.#media = undefined;
      throw error;
    }
  }

  /** The worker died: sessions stay, everything of theirs that was in it is made anew. */
  #mediaLost(): void {
    this.#media = undefined;
    this.#incident('media-lost', 'the media worker died');
    this.#hide();
    this.#sound.stop();
    this.audience.reset();
    for (const session of this.#sessions) session.closeTransports();
    const publication = this.#publication;
    this.#publication = undefined;
    publication?.close('media-restarted');
    if (publication) this.#face.covered('media-restarted');
    this.tellState();
    void this.#recover();
  }

  async #recover(): Promise<void> {
    while (!this.#closed) {
      const media = await this.media().catch(ignore);
      if (media) {
        this.#tellReset(media);
        return;
      }
      await delay(RECOVER_EVERY_MS);
    }
  }

  #tellReset(media: RoomMedia): void {
    for (const session of this.#sessions) session.send('media:reset', capabilities(session, media));
  }
}

/** What a client of this role needs to load its device. */
export function capabilities(session: Session, media: RoomMedia): EventOf<'media:reset'> {
  const { roomCapabilities, ingestCapabilities } = media;
  const publishes = session.identity.role === 'publisher';
  return { roomCapabilities, ...(publishes && { ingestCapabilities }) };
}

/** Whoever needs the media next hears of it. */
function ignore(): undefined {
  return undefined;
}
