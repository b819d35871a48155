import type { Detection, Look, LookEffort } from './detector.ts';
import { boxArea, iou, type Box } from './geometry.ts';
import type { DetectorPolicy } from './profile.ts';
import type { Cuts } from './scene.ts';

interface OpenEntry {
  readonly ptsUs: number;
  readonly effort: LookEffort | undefined;
  state: 'wanted' | 'pending';
}

type Entry =
  | OpenEntry
  | { readonly ptsUs: number; state: 'failed'; error: unknown }
  | { readonly ptsUs: number; state: 'done'; look: Look };

export interface SettledLook {
  readonly ptsUs: number;
  readonly look: Look | undefined;
  readonly error: unknown;
}

export interface LookLineOptions {
  readonly policy: DetectorPolicy;
  readonly cuts: Cuts;
  /** Scores from which a detection is worth a closer look in time, 0..1. */
  readonly refineScore: number;
}

/** What is new in the picture may take this long to be looked at before that counts as slow. */
const SETTLES_WITHIN_US = 2_000_000;
/** Live: so long after a scene's end a look at it would come too late for the frames before. */
const ENDS_WITHIN_US = 120_000;
/** A frame that lasts longer than this is a gap: see DetectorPolicy.waitsAfterCuts. */
export const LONG_FRAME_US = 100_000;

/**
 * The looks of one detector along the stream, in order of time: which frames it should look at,
 * which looks are under way, and up to where everything is settled.
 */
export class LookLine {
  readonly #options: LookLineOptions;
  #entries: Entry[] = [];
  #admittedUs: number[] = [];
  #lastWantedUs = -Infinity;
  /** The first frame of the scene that is shown now. */
  #sceneUs = -Infinity;
  #lastAdmittedUs: number | undefined;
  /** How long the newest frame lasts, by the one before it. */
  #frameUs = 0;
  #lastSettled: SettledLook | undefined;
  /** Times of good looks, sorted; the frames that they decide may still be held. */
  #goodUs: number[] = [];
  #failedUs: number[] = [];
  /** Since when something new stands in the picture: no look from before it decides frames after. */
  #changesUs: number[] = [];
  /** Looks at the scene that is shown now, and at what is new in it. */
  #looksAtScene = 0;
  #ended = false;

  constructor(options: LookLineOptions) {
    this.#options = options;
  }

  /** A frame entered the hold. `newScene`: it shows another picture than the one before it. */
  admit(ptsUs: number, newScene: boolean): void {
    const lastUs = this.#lastAdmittedUs;
    this.#lastAdmittedUs = ptsUs;
    this.#admittedUs.push(ptsUs);
    this.#frameUs = Math.min(LONG_FRAME_US, ptsUs - (lastUs ?? ptsUs));
    const { lookEveryMs, waitsAfterCuts = false } = this.#options.policy;
    if (lastUs !== undefined) {
      // The old scene's last frame: after the cut nothing can tell what was in it.
      if (newScene) this.#want(lastUs);
      // Carrying back reaches over the cadence, not over a gap in the recording on top of it.
      else if (this.#lastWantedUs < this.#sceneUs && ptsUs - lastUs > LONG_FRAME_US) {
        this.#want(lastUs);
      }
    }
    if (newScene) {
      this.#sceneUs = ptsUs;
      this.#looksAtScene = 0;
    }
    const isDue = ptsUs - this.#lastWantedUs >= lookEveryMs * 1000;
    if (isDue || (newScene && !waitsAfterCuts)) this.#want(ptsUs);
  }

  /**
   * Something that this detector should see stands in the picture since `sinceUs`: the newest
   * frame is looked at, unless it asked for that a moment ago.
   */
  changed(sinceUs: number): void {
    const { changeEveryMs = Infinity } = this.#options.policy;
    const lastUs = this.#lastAdmittedUs;
    if (lastUs === undefined) return;
    if (sinceUs - (this.#changesUs.at(-1) ?? -Infinity) < changeEveryMs * 1000) return;
    this.#changesUs.push(sinceUs);
    this.#looksAtScene = 0;
    this.#want(lastUs);
  }

  /** Asks for a look at the newest frame, unless one at or after `ptsUs` is settled or under way. */
  wantBy(ptsUs: number): void {
    if (this.#lastAdmittedUs === undefined) return;
    const targetUs = Math.min(ptsUs, this.#lastAdmittedUs);
    const settledUs = this.#lastSettled?.ptsUs ?? -Infinity;
    if (settledUs >= targetUs || this.#entries.some((entry) => entry.ptsUs >= targetUs)) return;
    this.#want(this.#lastAdmittedUs);
  }

  /** No frame follows: the last one is looked at. */
  end(): void {
    this.#ended = true;
    if (this.#lastAdmittedUs !== undefined) this.#want(this.#lastAdmittedUs);
  }

  /** The earliest frame that should be looked at and isn't yet; marks it as under way. */
  take(): number | undefined {
    const entry = this.#entries.find((candidate) => candidate.state === 'wanted');
    if (!entry) return undefined;
    entry.state = 'pending';
    return entry.ptsUs;
  }

  /** How the look at this frame, which is under way, is to be done; undefined where nothing is said. */
  effortOf(ptsUs: number): LookEffort | undefined {
    const entry = this.#entries.find((candidate) => candidate.ptsUs === ptsUs);
    return entry?.state === 'pending' ? entry.effort : undefined;
  }

  /**
   * The newest frame, where any is wanted: for live streams. A detector that was busy when it was
   * wanted decides the most with it, and the wanted one may have left. But the last frame of the
   * scene before comes first: nothing else decides that scene's end, which leaves earlier.
   */
  takeNewest(): number | undefined {
    if (!this.hasWanted || this.#lastAdmittedUs === undefined) return undefined;
    const last = this.#undecidedEnd(this.#lastAdmittedUs);
    if (last) {
      last.state = 'pending';
      return last.ptsUs;
    }
    const ptsUs = this.#lastAdmittedUs;
    const wanted = this.#entries.find(
      (entry): entry is OpenEntry => entry.state === 'wanted' && entry.ptsUs >= this.#sceneUs,
    );
    this.#entries = this.#entries.filter((entry) => entry.state !== 'wanted');
    const isSettled = (this.#lastSettled?.ptsUs ?? -Infinity) >= ptsUs;
    if (isSettled || this.#entries.some((entry) => entry.ptsUs === ptsUs)) return undefined;
    this.#insert({ ptsUs, state: 'pending', effort: wanted ? wanted.effort : this.#nextEffort() });
    this.#lastWantedUs = Math.max(this.#lastWantedUs, ptsUs);
    return ptsUs;
  }

  get hasWanted(): boolean {
    return this.#entries.some((entry) => entry.state === 'wanted');
  }

  /** A look finished. Unknown and repeated answers are ignored: the first one counts. */
  settle(ptsUs: number, result: { look: Look } | { error: unknown }): void {
    const index = this.#entries.findIndex((entry) => entry.ptsUs === ptsUs);
    if (this.#entries[index]?.state !== 'pending') return;
    this.#entries[index] =
      'look' in result
        ? { ptsUs, state: 'done', look: result.look }
        : { ptsUs, state: 'failed', error: result.error };
  }

  /**
   * Looks that are final now, in order of time. Between two looks of one scene that disagree a
   * frame in the middle is wanted first, as long as their distance allows it.
   */
  takeSettled(): SettledLook[] {
    const settled: SettledLook[] = [];
    for (;;) {
      const entry = this.#entries[0];
      if (!entry || entry.state === 'wanted' || entry.state === 'pending') break;
      const middleUs = this.#refineBefore(entry);
      if (middleUs !== undefined) {
        const effort = this.#options.policy.smallPrint && 'both';
        this.#insert({ ptsUs: middleUs, state: 'wanted', effort });
        break;
      }
      this.#entries.shift();
      this.#lastSettled = {
        ptsUs: entry.ptsUs,
        look: entry.state === 'done' ? entry.look : undefined,
        error: entry.state === 'failed' ? entry.error : undefined,
      };
      (entry.state === 'done' ? this.#goodUs : this.#failedUs).push(entry.ptsUs);
      settled.push(this.#lastSettled);
    }
    return settled;
  }

  /**
   * Everything up to this time is settled. `admittedUs` is the newest frame of the stream; it may
   * be a damaged one that this line never heard of. Infinity when the stream ended and nothing
   * is open.
   */
  settledUntil(admittedUs: number): number {
    const settledUs = this.#lastSettled?.ptsUs ?? -Infinity;
    if (this.#entries.length > 0) return settledUs;
    if (this.#ended) return Infinity;
    return settledUs >= (this.#lastAdmittedUs ?? -Infinity) ? admittedUs : settledUs;
  }

  /**
   * True where a good look at or after the frame (or at most `freshUs` before it), in the same
   * scene, within the limit and not after the horizon, is there.
   */
  hasDecided(ptsUs: number, by: { readonly freshUs: number; readonly horizonUs: number }): boolean {
    const { cuts, policy } = this.#options;
    const latestUs = Math.min(by.horizonUs, ptsUs + policy.limitMs * 1000);
    return this.#goodUs.some((goodUs) => {
      if (goodUs > latestUs) return false;
      if (goodUs >= ptsUs) return !cuts.between(ptsUs, goodUs);
      if (ptsUs - goodUs > by.freshUs || cuts.between(goodUs, ptsUs)) return false;
      return !this.#changesUs.some((changeUs) => goodUs < changeUs && changeUs <= ptsUs);
    });
  }

  /**
   * The first frame that waited for the good look at `ptsUs`, where looks before it that are at most
   * `freshUs` older decide the others. Undefined where none waited, or where a cut or
   * a change came between: that says nothing of the usual pace.
   */
  firstDecidedBy(ptsUs: number, freshUs: number): number | undefined {
    const lastUs = this.#goodUs.findLast((goodUs) => goodUs < ptsUs);
    if (lastUs === undefined || this.#options.cuts.between(lastUs, ptsUs)) return undefined;
    if (this.#changesUs.some((changeUs) => lastUs < changeUs && changeUs <= ptsUs))
      return undefined;
    const firstUs = lastUs + freshUs + this.#frameUs;
    return firstUs <= ptsUs ? firstUs : undefined;
  }

  /** True where a cut or a change, not long before this frame, made older looks worthless. */
  isNewAt(ptsUs: number): boolean {
    const lastUs = this.#goodUs.findLast((goodUs) => goodUs <= ptsUs) ?? -Infinity;
    const fromUs = Math.max(lastUs, ptsUs - SETTLES_WITHIN_US);
    return (
      this.#options.cuts.between(fromUs, ptsUs) ||
      this.#changesUs.some((changeUs) => fromUs < changeUs && changeUs <= ptsUs)
    );
  }

  /**
   * True where a good look at a frame after `afterUs`, not later than `untilUs`, is known; a look
   * at another scene says nothing of this one.
   */
  hasGoodLook(afterUs: number, untilUs: number): boolean {
    const { cuts } = this.#options;
    return this.#goodUs.some(
      (goodUs) => goodUs > afterUs && goodUs <= untilUs && !cuts.between(afterUs, goodUs),
    );
  }

  /** True where a look that would have decided this frame failed. */
  hasFailedNear(ptsUs: number): boolean {
    const limitUs = this.#options.policy.limitMs * 1000;
    return this.#failedUs.some((failedUs) => Math.abs(failedUs - ptsUs) <= limitUs);
  }

  /** Forgets what frames before this time needed. */
  released(ptsUs: number): void {
    const keepUs = ptsUs - this.#options.policy.limitMs * 1000;
    // The last of them stays: the next look tells by it how long frames waited.
    while ((this.#goodUs[1] ?? Infinity) < keepUs) this.#goodUs.shift();
    while ((this.#failedUs[0] ?? Infinity) < keepUs) this.#failedUs.shift();
    while ((this.#changesUs[0] ?? Infinity) < keepUs) this.#changesUs.shift();
    while ((this.#admittedUs[0] ?? Infinity) <= ptsUs) this.#admittedUs.shift();
  }

  /** What is wanted of the scene that has just ended, where its frames still wait for it. */
  #undecidedEnd(nowUs: number): OpenEntry | undefined {
    const freshUs = 1000 * (this.#options.policy.freshMs ?? 0);
    return this.#entries.find(
      (entry): entry is OpenEntry =>
        entry.state === 'wanted' &&
        entry.ptsUs < this.#sceneUs &&
        nowUs - entry.ptsUs <= ENDS_WITHIN_US &&
        this.#admittedUs.includes(entry.ptsUs) &&
        !this.hasDecided(entry.ptsUs, { freshUs, horizonUs: Infinity }),
    );
  }

  #want(ptsUs: number): void {
    this.#lastWantedUs = Math.max(this.#lastWantedUs, ptsUs);
    if ((this.#lastSettled?.ptsUs ?? -Infinity) >= ptsUs) return;
    if (!this.#entries.some((entry) => entry.ptsUs === ptsUs)) {
      this.#insert({ ptsUs, state: 'wanted', effort: this.#nextEffort() });
    }
  }

  /** How the next look of the scene is done: decided when it is asked for, so that every run decides alike. */
  #nextEffort(): LookEffort | undefined {
    const before = this.#looksAtScene++;
    if (!this.#options.policy.smallPrint) return undefined;
    if (before === 0) return 'both';
    return before % 2 === 1 ? 'fine' : 'usual';
  }

  #insert(entry: Entry): void {
    const index = this.#entries.findIndex((other) => other.ptsUs > entry.ptsUs);
    this.#entries.splice(index === -1 ? this.#entries.length : index, 0, entry);
  }

  #needsLookBetween(
    previous: { readonly ptsUs: number },
    look: Look,
    entry: Extract<Entry, { state: 'done' }>,
  ): boolean {
    const { policy, cuts, refineScore } = this.#options;
    const spanUs = entry.ptsUs - previous.ptsUs;
    if (cuts.between(previous.ptsUs, entry.ptsUs)) return false;
    // Cadences are met to the next frame: only a span that is clearly longer is worth halving.
    if (spanUs >= 1500 * policy.busyEveryMs && !standStill(look, entry.look, refineScore)) {
      return true;
    }
    return spanUs >= 2000 * policy.refineToMs && disagree(look, entry.look, refineScore);
  }

  #refineBefore(entry: Entry): number | undefined {
    const previous = this.#lastSettled;
    if (!previous?.look || entry.state !== 'done') return undefined;
    if (!this.#needsLookBetween(previous, previous.look, entry)) return undefined;
    const idealUs = (previous.ptsUs + entry.ptsUs) / 2;
    let middleUs: number | undefined;
    for (const ptsUs of this.#admittedUs) {
      if (ptsUs <= previous.ptsUs) continue;
      if (ptsUs >= entry.ptsUs) break;
      if (middleUs === undefined || Math.abs(ptsUs - idealUs) < Math.abs(middleUs - idealUs)) {
        middleUs = ptsUs;
      }
    }
    return middleUs;
  }
}

/** Boxes that overlap this much between two looks stand still: what is between them is known. */
const STILL_IOU = 0.7;
/** Boxes that overlap less than this between two looks moved too far for a straight line. */
const SAME_PLACE_IOU = 0.3;
/** How far one thing may go between two looks, in its own sizes; farther is another thing. */
const FARTHEST_SIZES = 2.5;

/** True where both looks saw the same things at the same places, or nothing. */
function standStill(a: Look, b: Look, refineScore: number): boolean {
  const places = { refineScore, leastIou: STILL_IOU };
  return withoutPartner(a, b, places).length === 0 && withoutPartner(b, a, places).length === 0;
}

/**
 * True where something seems to have jumped from one place to another. What only appears or
 * vanishes between two looks needs no closer look in time: carrying covers it.
 */
function disagree(a: Look, b: Look, refineScore: number): boolean {
  const places = { refineScore, leastIou: SAME_PLACE_IOU };
  const gone = withoutPartner(a, b, places);
  if (gone.length === 0) return false;
  return withoutPartner(b, a, places).some((come) =>
    gone.some((left) => left.cls === come.cls && mayBeOne(left.box, come.box)),
  );
}

function withoutPartner(
  one: Look,
  other: Look,
  { refineScore, leastIou }: { readonly refineScore: number; readonly leastIou: number },
): Detection[] {
  return one.detections.filter(
    (detection) =>
      detection.score >= refineScore &&
      !other.detections.some(
        (match) => match.cls === detection.cls && iou(match.box, detection.box) >= leastIou,
      ),
  );
}

function mayBeOne(a: Box, b: Box): boolean {
  const ratio = boxArea(a) / boxArea(b);
  if (ratio < 0.5 || ratio > 2) return false;
  const farthest = FARTHEST_SIZES * Math.max(a.w, a.h);
  return Math.hypot(a.x + a.w / 2 - b.x - b.w / 2, a.y + a.h / 2 - b.y - b.h / 2) <= farthest;
}
