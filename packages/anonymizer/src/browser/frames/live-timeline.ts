import type { LiveTimelineEvent } from '@drape/contract';
import {
  firstSighting,
  lastSighting,
  unionBox,
  type Box,
  type Pipeline,
  type Track,
} from '../../core/index.ts';

/** Takes out of a pipeline what is final, so that a long stream keeps its memory flat. */
export class LiveTimeline {
  readonly #pipeline: Pick<Pipeline, 'recorder' | 'lines' | 'profile'>;
  #startUs: number | undefined;

  constructor(pipeline: Pick<Pipeline, 'recorder' | 'lines' | 'profile'>) {
    this.#pipeline = pipeline;
  }

  /** Events since the last call; times count from the first frame. */
  take(): LiveTimelineEvent[] {
    const { recorder, lines } = this.#pipeline;
    this.#startUs ??= recorder.firstUs;
    const last = recorder.whole.at(-1);
    const isOpen = last !== undefined && last.toUs === recorder.lastUs;
    const whole = recorder.whole.splice(0, recorder.whole.length - (isOpen ? 1 : 0));
    return [
      ...recorder.events.splice(0).map(({ atUs, kind, detail }) => ({
        type: 'event' as const,
        atUs: this.#at(atUs),
        kind,
        detail: detail.slice(0, 200),
      })),
      ...whole.map(({ fromUs, toUs, frames, cause }) => ({
        type: 'whole' as const,
        fromUs: this.#at(fromUs),
        toUs: this.#at(toUs),
        frames,
        cause,
      })),
      ...lines.flatMap((line) => line.takeArchived()).map((track) => this.#track(track)),
    ];
  }

  #track(track: Track): LiveTimelineEvent {
    const { past, sightings } = track;
    const { carryBackMs, carryOnMs } = this.#pipeline.profile.classes[track.cls];
    const boxes = sightings.map(({ box }) => box);
    const { x, y, w, h } = [...(past ? [past.box] : []), ...boxes].reduce(unionBox);
    const scores = sightings.map(({ score }) => score);
    const firstUs = past?.firstUs ?? firstSighting(track).ptsUs;
    return {
      type: 'track',
      id: track.id,
      class: track.cls,
      detector: track.detectorId,
      fromUs: this.#at(firstUs - carryBackMs * 1000),
      toUs: this.#at(lastSighting(track).ptsUs + carryOnMs * 1000),
      bestScore: Math.max(past?.bestScore ?? 0, ...scores),
      box: rounded({ x, y, w, h }),
      sightings: sightings.length + (past?.sightings ?? 0),
    };
  }

  #at(us: number): number {
    return Math.max(0, Math.round(us - (this.#startUs ?? 0)));
  }
}

function rounded({ x, y, w, h }: Box): [number, number, number, number] {
  const px = (value: number): number => Math.round(value * 10) / 10;
  return [px(x), px(y), px(w), px(h)];
}
