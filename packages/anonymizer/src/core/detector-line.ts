import type { DetectorInfo, Look } from './detector.ts';
import { LookLine } from './look-line.ts';
import type { DetectorPolicy, Profile } from './profile.ts';
import type { Cuts } from './scene.ts';
import { lastSighting, type Track } from './track.ts';
import { Tracker } from './tracker.ts';

/** A finished look, kept for the backward pass. */
export interface KeptLook {
  readonly ptsUs: number;
  readonly look: Look;
}

/** One detector on one stream: its looks, and the tracks that come out of them. */
export class DetectorLine {
  readonly info: DetectorInfo;
  readonly policy: DetectorPolicy;
  readonly looks: LookLine;
  readonly kept: KeptLook[] = [];
  readonly #tracker: Tracker;
  readonly #keepLooks: boolean;
  /** Proved tracks that ended, but may still cover held frames. */
  #fading: Track[] = [];
  readonly #archive: Track[] = [];

  constructor(options: {
    readonly info: DetectorInfo;
    readonly policy: DetectorPolicy;
    readonly profile: Profile;
    readonly cuts: Cuts;
    readonly nextId: () => number;
    readonly keepLooks: boolean;
  }) {
    const { info, policy, profile, cuts, nextId } = options;
    this.info = info;
    this.policy = policy;
    this.#keepLooks = options.keepLooks;
    // Half way from "counts" to "certain": doubtful boxes flicker, and each would cost looks.
    const refineScore = (1 + info.steps.high) / 2;
    this.looks = new LookLine({ policy, cuts, refineScore });
    this.#tracker = new Tracker({
      detectorId: info.id,
      steps: info.steps,
      classes: profile.classes,
      cuts,
      nextId,
    });
  }

  /** Feeds finished looks to the tracker; `onSettled` hears of each. */
  advance(onSettled: (settled: { ptsUs: number; look?: Look; error?: unknown }) => void): void {
    for (const { ptsUs, look, error } of this.looks.takeSettled()) {
      if (look) {
        this.#tracker.look(ptsUs, look);
        this.#fading.push(...this.#tracker.takeEnded());
        const found = look.detections.length + look.saturated.length;
        if (this.#keepLooks && found > 0) this.kept.push({ ptsUs, look });
        onSettled({ ptsUs, look });
      } else onSettled({ ptsUs, error });
    }
  }

  /** Tracks that may cover frames still held. */
  *tracks(): Iterable<Track> {
    yield* this.#fading;
    yield* this.#tracker.live;
  }

  get liveTracks(): number {
    return this.#tracker.live.length;
  }

  /** Everything before `ptsUs` has left: tracks that can't reach it any more go to the archive. */
  released(ptsUs: number, profile: Profile): void {
    this.looks.released(ptsUs);
    const reaches = (track: Track): boolean =>
      lastSighting(track).ptsUs + profile.classes[track.cls].carryOnMs * 1000 >= ptsUs;
    if (this.#fading.length === 0) return;
    this.#archive.push(...this.#fading.filter((track) => !reaches(track)));
    this.#fading = this.#fading.filter(reaches);
  }

  /** All proved tracks of the stream; ends the live ones. */
  finish(): Track[] {
    this.#tracker.endAll();
    this.#fading.push(...this.#tracker.takeEnded());
    return [...this.#archive, ...this.#fading];
  }
}
