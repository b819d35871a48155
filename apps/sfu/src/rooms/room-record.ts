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

export interface Incident {
  readonly atMs: number;
  readonly epoch: number | undefined;
  readonly kind: 'residual-hit' | 'anonymizer-ended' | 'media-lost' | 'publisher-stalled';
  /** Facts, never content. */
  readonly detail: string;
}

export interface RecordSnapshot {
  readonly epochs: readonly Readonly<EpochRecord>[];
  readonly incidents: readonly Incident[];
  readonly events: readonly { readonly epoch: number; readonly event: LiveTimelineEvent }[];
  /** What no longer fitted. */
  readonly dropped: number;
}

const MAX_EPOCHS = 1000;
const MAX_INCIDENTS = 1000;
const MAX_EVENTS = 20_000;

/** What happened in one publication of a room, in memory and bounded; recordings take it from here. */
export class RoomRecord {
  readonly #epochs: EpochRecord[] = [];
  readonly #incidents: Incident[] = [];
  readonly #events: { readonly epoch: number; readonly event: LiveTimelineEvent }[] = [];
  #dropped = 0;

  epochBegins(record: EpochRecord): void {
    this.epochEnds(record.fromMs);
    this.#keep(this.#epochs, record, MAX_EPOCHS);
  }

  /** The picture of the last epoch is no longer forwarded. */
  epochEnds(atMs: number): void {
    const last = this.#epochs.at(-1);
    if (last && last.toMs === undefined) last.toMs = atMs;
  }

  incident(incident: Incident): void {
    this.#keep(this.#incidents, incident, MAX_INCIDENTS);
  }

  timeline(epoch: number, events: readonly LiveTimelineEvent[]): void {
    for (const event of events) this.#keep(this.#events, { epoch, event }, MAX_EVENTS);
  }

  snapshot(): RecordSnapshot {
    return {
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
