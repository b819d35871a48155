import type { LiveTimelineEvent } from '@drape/contract';
import type { Pipeline, TimelineRecorder } from '../../core/index.ts';

/** Takes out of a pipeline's recorder what is final, so that a long stream keeps its memory flat. */
export class LiveTimeline {
  readonly #recorder: TimelineRecorder;
  #startUs: number | undefined;

  constructor({ recorder }: Pick<Pipeline, 'recorder'>) {
    this.#recorder = recorder;
  }

  /** Events since the last call; times count from the first frame. */
  take(): LiveTimelineEvent[] {
    const recorder = this.#recorder;
    this.#startUs ??= recorder.firstUs;
    const startUs = this.#startUs ?? 0;
    const at = (us: number): number => Math.max(0, Math.round(us - startUs));
    const last = recorder.whole.at(-1);
    const isOpen = last !== undefined && last.toUs === recorder.lastUs;
    const whole = recorder.whole.splice(0, recorder.whole.length - (isOpen ? 1 : 0));
    return [
      ...recorder.events.splice(0).map(({ atUs, kind, detail }) => ({
        type: 'event' as const,
        atUs: at(atUs),
        kind,
        detail: detail.slice(0, 200),
      })),
      ...whole.map(({ fromUs, toUs, frames, cause }) => ({
        type: 'whole' as const,
        fromUs: at(fromUs),
        toUs: at(toUs),
        frames,
        cause,
      })),
    ];
  }
}
