import type {
  LiveProfileName,
  LiveStyle,
  LiveTimelineEvent,
  ModelRef,
  PublishMode,
} from '@drape/contract';

/** What an epoch was opened with. */
export interface EpochTerms {
  readonly mode: PublishMode;
  readonly profile: LiveProfileName;
  readonly style: LiveStyle;
  readonly holdMs: number;
}

export interface EpochRecord extends EpochTerms {
  readonly epoch: number;
  readonly fromMs: number;
  readonly models: readonly ModelRef[];
  /** Absent while viewers get it. */
  toMs?: number;
}

export type IncidentKind = 'residual-hit' | 'anonymizer-ended' | 'media-lost' | 'publisher-stalled';

/** Counts over all rooms since the start. */
export interface Tally {
  epochs: number;
  readonly incidents: Record<IncidentKind, number>;
}

export const newTally = (): Tally => ({
  epochs: 0,
  incidents: {
    'residual-hit': 0,
    'anonymizer-ended': 0,
    'media-lost': 0,
    'publisher-stalled': 0,
  },
});

export interface Incident {
  readonly atMs: number;
  readonly epoch: number | undefined;
  readonly kind: IncidentKind;
  /** Facts, never content. */
  readonly detail: string;
}

/** When voices were sent, by the publisher's word that everybody agreed. */
export interface SoundRecord {
  readonly fromMs: number;
  /** Absent while it is sent. */
  toMs?: number;
}

export interface RecordSnapshot {
  readonly sound: readonly Readonly<SoundRecord>[];
  readonly epochs: readonly Readonly<EpochRecord>[];
  readonly incidents: readonly Incident[];
  readonly events: readonly { readonly epoch: number; readonly event: LiveTimelineEvent }[];
  /** What no longer fitted. */
  readonly dropped: number;
}

const MAX_EPOCHS = 1000;
const MAX_SOUNDS = 1000;
const MAX_INCIDENTS = 1000;
const MAX_EVENTS = 20_000;

/** What happened in one publication of a room, in memory and bounded; recordings take it from here. */
export class RoomRecord {
  readonly #epochs: EpochRecord[] = [];
  readonly #sounds: SoundRecord[] = [];
  readonly #incidents: Incident[] = [];
  readonly #events: { readonly epoch: number; readonly event: LiveTimelineEvent }[] = [];
  readonly #tally: Tally;
  #dropped = 0;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  epochBegins(record: EpochRecord): void {
    this.epochEnds(record.fromMs);
    this.#tally.epochs++;
    this.#keep(this.#epochs, record, MAX_EPOCHS);
  }

  /** The picture of the last epoch is no longer forwarded. */
  epochEnds(atMs: number): void {
    const last = this.#epochs.at(-1);
    if (last && last.toMs === undefined) last.toMs = atMs;
  }

  soundBegins(fromMs: number): void {
    this.#keep(this.#sounds, { fromMs }, MAX_SOUNDS);
  }

  soundEnds(atMs: number): void {
    const last = this.#sounds.at(-1);
    if (last && last.toMs === undefined) last.toMs = atMs;
  }

  incident(incident: Incident): void {
    this.#tally.incidents[incident.kind]++;
    this.#keep(this.#incidents, incident, MAX_INCIDENTS);
  }

  timeline(epoch: number, events: readonly LiveTimelineEvent[]): void {
    for (const event of events) this.#keep(this.#events, { epoch, event }, MAX_EVENTS);
  }

  snapshot(): RecordSnapshot {
    return {
      sound: this.#sounds.map((sound) => ({ ...sound })),
      epochs: this.#epochs.map((epoch) => ({ ...epoch })),
      incidents: [...this.#incidents],
      events: [...this.#events],
      dropped: this.#dropped,
    };
  }

  /** The newest are dropped: the beginning of a story is worth more than its thousandth repetition. */
  #keep<T>(list: T[], item: T, most: number): void {
    if (list.length < most) list.push(item);
    else this.#dropped++;
  }
}
