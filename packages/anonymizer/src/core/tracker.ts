import type { Detection, DetectionClass, Look, ScoreSteps } from './detector.ts';
import { boxArea, growBox, iou, overlapArea, type Box } from './geometry.ts';
import type { ClassPolicy } from './profile.ts';
import type { Cuts } from './scene.ts';
import { addSighting, lastSighting, predictedBox, wasSeen, type Track } from './track.ts';

/** Tracks followed at once; beyond, the whole frame is covered until there are fewer. */
export const MAX_LIVE_TRACKS = 400;

export interface TrackerOptions {
  readonly detectorId: string;
  readonly steps: ScoreSteps;
  readonly classes: Readonly<Record<DetectionClass, ClassPolicy>>;
  readonly cuts: Cuts;
  /** Gives the next free track number of the stream. */
  readonly nextId: () => number;
  /**
   * Live, frames leave before anything else can be known: what the last look saw is not lost until
   * a look misses it, and what was seen once before its scene ended counts as proved.
   */
  readonly isLive: boolean;
}

/**
 * Joins one detector's sightings over time. Two thresholds, as in ByteTrack (Zhang et al., ECCV
 * 2022): sure detections are matched first and may start tracks; weak ones only continue tracks,
 * or start suspected ones, which cover nothing until a sure sighting proves them – then their
 * whole past is covered.
 */
export class Tracker {
  readonly #options: TrackerOptions;
  #live: Track[] = [];
  #ended: Track[] = [];
  #lastLookUs = -Infinity;

  constructor(options: TrackerOptions) {
    this.#options = options;
  }

  /** Tracks that later looks may still continue. */
  get live(): readonly Track[] {
    return this.#live;
  }

  /** Takes in a finished look. Looks come in order of time. */
  look(ptsUs: number, look: Look): void {
    this.#endLost(ptsUs);
    this.#lastLookUs = ptsUs;
    const { steps } = this.#options;
    const open = new Set(this.#live);
    const rest: Detection[] = [];
    const byScore = [...look.detections].sort((a, b) => b.score - a.score);
    for (const detection of byScore) {
      if (detection.score < steps.high) {
        if (detection.score >= steps.low) rest.push(detection);
      } else if (!this.#continue(open, detection, ptsUs)) this.#start(detection, ptsUs);
    }
    for (const detection of rest) {
      if (!this.#continue(open, detection, ptsUs) && !this.#isKnown(detection, ptsUs)) {
        this.#start(detection, ptsUs);
      }
    }
  }

  /** Tracks that ended since the last call, proved ones only. */
  takeEnded(): Track[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** Ends everything: the stream is over or its picture changed. */
  endAll(): void {
    this.#retire(this.#live);
    this.#live = [];
  }

  #continue(open: Set<Track>, detection: Detection, ptsUs: number): boolean {
    let best: Track | undefined;
    let bestMatch = 0;
    for (const track of open) {
      if (track.cls !== detection.cls) continue;
      const match = similarity(predictedBox(track, ptsUs), detection.box);
      const policy = this.#options.classes[track.cls];
      if (match > bestMatch && match >= policy.matchIou) {
        best = track;
        bestMatch = match;
      }
    }
    if (!best) return false;
    open.delete(best);
    const { score, box, cls } = detection;
    addSighting(best, { ptsUs, box, score }, this.#options.steps, this.#options.classes[cls]);
    return true;
  }

  /** A weak box mostly inside something already seen in this look is no new suspicion. */
  #isKnown(detection: Detection, ptsUs: number): boolean {
    return this.#live.some((track) => {
      const last = lastSighting(track);
      if (last.ptsUs !== ptsUs || track.cls !== detection.cls) return false;
      return overlapArea(last.box, detection.box) > 0.5 * boxArea(detection.box);
    });
  }

  #start(detection: Detection, ptsUs: number): void {
    const { detectorId, steps, classes, nextId } = this.#options;
    const { cls, box, score } = detection;
    const track: Track = {
      id: nextId(),
      cls,
      detectorId,
      sightings: [],
      confirmedAtUs: undefined,
      certainAtUs: undefined,
    };
    addSighting(track, { ptsUs, box, score }, steps, classes[cls]);
    this.#live.push(track);
  }

  #endLost(ptsUs: number): void {
    const { classes, cuts, isLive } = this.#options;
    const over: Track[] = [];
    const kept: Track[] = [];
    for (const track of this.#live) {
      const { carryOnMs, survivesCuts } = classes[track.cls];
      const lastUs = lastSighting(track).ptsUs;
      const isCutOff = !survivesCuts && cuts.between(lastUs, ptsUs);
      // What the look before this one saw is not lost, however long this one was in coming.
      const isUnseen = !isLive || lastUs < this.#lastLookUs;
      const isLost = isUnseen && ptsUs - lastUs > carryOnMs * 1000;
      if (isCutOff) this.#trust(track);
      (isCutOff || isLost ? over : kept).push(track);
    }
    this.#retire(over);
    this.#live = kept;
  }

  #trust(track: Track): void {
    const { isLive, steps } = this.#options;
    const { ptsUs } = lastSighting(track);
    const wasContradicted = ptsUs < this.#lastLookUs;
    if (isLive && !wasContradicted && wasSeen(track, steps.high)) track.confirmedAtUs ??= ptsUs;
  }

  #retire(tracks: readonly Track[]): void {
    this.#ended.push(...tracks.filter((track) => track.confirmedAtUs !== undefined));
  }
}

/** 0..1: overlap of boxes of like size; small boxes that moved by less than their size count too. */
function similarity(predicted: Box, seen: Box): number {
  const ratio = boxArea(predicted) / Math.max(1e-6, boxArea(seen));
  if (ratio > 5 || ratio < 0.2) return 0;
  const direct = iou(predicted, seen);
  if (direct > 0) return direct;
  return 0.5 * iou(growBox(predicted, 0.5), growBox(seen, 0.5));
}
