import { regionsFor } from './cover.ts';
import type { DetectorInfo, Look } from './detector.ts';
import { COVERED_SHARE, followBack, type KeptLook, type Scenery } from './follow-back.ts';
import { coveredShare, type Box } from './geometry.ts';
import { LookLine } from './look-line.ts';
import type { FrameInfo } from './frame.ts';
import type { FramePlan, PlanRegion } from './plan.ts';
import { stepsFor, type DetectorPolicy, type Profile } from './profile.ts';
import type { Cuts } from './scene.ts';
import { lastSighting, trimTrack, type LookTimes, type Sighting, type Track } from './track.ts';
import { Tracker } from './tracker.ts';

/** One detector on one stream: its looks, and the tracks that come out of them. */
export class DetectorLine {
  readonly info: DetectorInfo;
  readonly policy: DetectorPolicy;
  readonly looks: LookLine;
  readonly lookTimes: LookTimes;
  readonly kept: KeptLook[] = [];
  readonly #tracker: Tracker;
  readonly #scenery: Scenery;
  readonly #isLive: boolean;
  readonly #foresees: boolean;
  /** Proved tracks that ended, but may still cover held frames. */
  #fading: Track[] = [];
  readonly #archive: Track[] = [];
  /** Kept looks from here on may still say something of held frames. */
  #windowAt = 0;
  /** What following those looks backwards adds; undefined where it is out of date. */
  #foreseen: readonly Track[] | undefined;
  /** Boxes of detections that were covered when their frame left. */
  readonly #painted = new Set<Box>();

  constructor(options: {
    readonly info: DetectorInfo;
    readonly policy: DetectorPolicy;
    readonly profile: Profile;
    readonly cuts: Cuts;
    readonly nextId: () => number;
    readonly isLive: boolean;
    /** Follow the looks ahead of held frames backwards too, as the end of the file will. */
    readonly foresees: boolean;
  }) {
    const { policy, cuts, nextId, isLive } = options;
    const info = { ...options.info, steps: stepsFor(options.info.steps, policy) };
    this.info = info;
    this.policy = policy;
    const profile = isLive ? carriedBetweenLooks(options.profile, info, policy) : options.profile;
    this.#scenery = { profile, cuts };
    this.#isLive = isLive;
    this.#foresees = options.foresees;
    // Half way from "counts" to "certain": doubtful boxes flicker, and each would cost looks.
    const refineScore = (1 + info.steps.high) / 2;
    this.looks = new LookLine({ policy, cuts, refineScore });
    this.lookTimes = {
      high: info.steps.high,
      hasLook: (afterUs, untilUs) => this.looks.hasGoodLook(afterUs, untilUs),
    };
    this.#tracker = new Tracker({
      detectorId: info.id,
      steps: info.steps,
      classes: profile.classes,
      cuts,
      nextId,
      isLive,
    });
  }

  /** Feeds finished looks to the tracker; `onSettled` hears of each. */
  advance(onSettled: (settled: { ptsUs: number; look?: Look; error?: unknown }) => void): void {
    for (const { ptsUs, look, error } of this.looks.takeSettled()) {
      if (look) {
        this.#tracker.look(ptsUs, look);
        this.#fading.push(...this.#tracker.takeEnded());
        if (!this.#isLive && this.#foundAnything(look)) {
          this.kept.push({ ptsUs, look });
          this.#foreseen = undefined;
        }
        onSettled({ ptsUs, look });
      } else onSettled({ ptsUs, error });
    }
  }

  #foundAnything({ detections, saturated }: Look): boolean {
    const { low } = this.info.steps;
    return saturated.length > 0 || detections.some(({ score }) => score >= low);
  }

  /** Tracks that may cover frames still held. */
  *tracks(): Iterable<Track> {
    yield* this.#fading;
    yield* this.#tracker.live;
    if (!this.#foresees) return;
    this.#foreseen ??= this.#foresee();
    yield* this.#foreseen;
  }

  /** What is covered on a frame for this detector, by looks not later than `horizonUs`. */
  regionsAt(info: FrameInfo, horizonUs: number): PlanRegion[] {
    const looks = this.#isLive ? { looks: this.lookTimes } : {};
    return regionsFor(info, this.tracks(), { ...this.#scenery, horizonUs, ...looks });
  }

  get liveTracks(): number {
    return this.#tracker.live.length;
  }

  /**
   * The frame at `ptsUs` left with this plan, and everything before it: tracks that can't reach
   * it any more go to the archive.
   */
  released(ptsUs: number, plan: FramePlan): void {
    this.looks.released(ptsUs);
    this.#notePainted(ptsUs, plan);
    const { classes } = this.#scenery.profile;
    const reaches = (track: Track): boolean =>
      lastSighting(track).ptsUs + classes[track.cls].carryOnMs * 1000 >= ptsUs;
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

  /** Proved tracks that are over and can't reach a held frame: takes them out. */
  takeArchived(): Track[] {
    return this.#archive.splice(0);
  }

  /** No frame before this time is held: lets go of what only those needed. */
  trim(beforeUs: number): void {
    for (const track of this.#tracker.live) trimTrack(track, beforeUs, this.info.steps);
  }

  /** True where the frame of this sighting left with its box covered. */
  hasPainted({ box }: Sighting): boolean {
    return this.#painted.has(box);
  }

  #notePainted(ptsUs: number, { whole, regions }: FramePlan): void {
    const reachMs = Math.max(
      ...this.info.classes.map((cls) => this.#scenery.profile.classes[cls].carryOnMs),
    );
    while ((this.kept[this.#windowAt]?.ptsUs ?? Infinity) < ptsUs - reachMs * 1000) {
      this.#windowAt++;
    }
    for (let at = this.#windowAt; at < this.kept.length; at++) {
      const kept = this.kept[at];
      if (!kept || kept.ptsUs > ptsUs) return;
      if (kept.ptsUs < ptsUs) continue;
      for (const { box } of kept.look.detections) {
        const isUnder = (region: { readonly box: Box }): boolean =>
          coveredShare(box, region.box) >= COVERED_SHARE;
        if (whole !== undefined || regions.some(isUnder)) this.#painted.add(box);
      }
    }
  }

  #foresee(): readonly Track[] {
    const forward = [...this.#fading, ...this.#tracker.live].filter(
      (track) => track.confirmedAtUs !== undefined,
    );
    const ahead = this.kept.slice(this.#windowAt);
    return followBack(ahead, { ...this.#scenery, info: this.info, forward });
  }
}

/**
 * What a look saw is covered for at least as long as that look decides frames, and over one look
 * that misses it: a cadence that is slower than its class is carried on would uncover it between.
 */
function carriedBetweenLooks(
  profile: Profile,
  info: DetectorInfo,
  { lookEveryMs, freshMs = 0 }: DetectorPolicy,
): Profile {
  const classes = { ...profile.classes };
  for (const cls of info.classes) {
    const carryOnMs = Math.max(classes[cls].carryOnMs, freshMs + lookEveryMs);
    // Nobody can know yet whether it will be seen again.
    classes[cls] = { ...classes[cls], carryOnMs, certainAfter: 1 };
  }
  return { ...profile, classes };
}
