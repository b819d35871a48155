import type { DetectionClass } from './detector.ts';
import { unionBox, type Box } from './geometry.ts';
import type { Pipeline } from './pipeline.ts';
import type { WholeCause } from './plan.ts';
import { firstSighting, lastSighting, type Track } from './track.ts';

/** What a live stream tells of itself: the contract's `LiveTimelineEvent`. Times in microseconds. */
export type LivePipelineEvent =
  | {
      readonly type: 'event';
      readonly atUs: number;
      readonly kind: string;
      readonly detail: string;
    }
  | {
      readonly type: 'whole';
      readonly fromUs: number;
      readonly toUs: number;
      readonly frames: number;
      readonly cause: WholeCause;
    }
  | {
      readonly type: 'track';
      readonly id: number;
      readonly class: DetectionClass;
      readonly detector: string;
      readonly fromUs: number;
      readonly toUs: number;
      readonly bestScore: number;
      /** Around all its sightings, `[x, y, w, h]` in pixels. */
      readonly box: [number, number, number, number];
      readonly sightings: number;
    };

/** Takes out of a pipeline what is final, so that a long stream keeps its memory flat. */
export class LiveTimeline {
  readonly #pipeline: Pick<Pipeline, 'recorder' | 'lines' | 'profile'>;
  #startUs: number | undefined;

  constructor(pipeline: Pick<Pipeline, 'recorder' | 'lines' | 'profile'>) {
    this.#pipeline = pipeline;
  }

  /** Events since the last call; times count from the first frame. */
  take(): LivePipelineEvent[] {
    const { recorder, lines } = this.#pipeline;
    this.#startUs ??= recorder.firstUs;
    const { whole, events } = recorder.take();
    return [
      ...events.map(({ atUs, kind, detail }) => ({
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

  #track(track: Track): LivePipelineEvent {
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
