import { sealFrame, type AnonymizedFrame } from './anonymized-frame.ts';
import { DetectorLine } from './detector-line.ts';
import type { DetectorInfo, Look, LookEffort } from './detector.ts';
import type { FrameBuffer, I420Planes, RawFrame } from './frame.ts';
import { growBox, growBoxBy } from './geometry.ts';
import { Hold } from './hold.ts';
import { alwaysRegions, planOf } from './cover.ts';
import { OverloadLadder, type OverloadChange, type OverloadStep } from './overload.ts';
import { paintFrame, type PaintStyle } from './paint/index.ts';
import type { FramePlan, WholeCause } from './plan.ts';
import { ProfileError, type DetectorPolicy, type Profile } from './profile.ts';
import { SceneCuts, SceneDetector } from './scene.ts';
import { saturatedSpans, type SaturatedSpan } from './second-pass.ts';
import { StrokeWatch } from './stroke-watch.ts';
import { TimelineRecorder } from './timeline.ts';
import { lastSighting } from './track.ts';
import { MAX_LIVE_TRACKS } from './tracker.ts';

/**
 * `file`: frames wait for their detectors; `lookaheadMs` is how far past a frame looks are known
 * before it leaves. `live`: frames leave `holdMs` after they came, decided or covered whole.
 */
export type PipelineMode =
  | {
      readonly kind: 'file';
      readonly lookaheadMs: number;
      /** Frames held at most; when full, frames leave with less lookahead, never undecided. */
      readonly maxHeldFrames: number;
      /** Look again between looks that disagree. Off where a fixed delay is simulated. */
      readonly refine: boolean;
    }
  | {
      readonly kind: 'live';
      readonly holdMs: number;
      /** How far the hold may grow where detectors need longer. `holdMs` where it is left out. */
      readonly mostHoldMs?: number;
      /** Frames held at most; the oldest leave covered when more come. */
      readonly maxHeldFrames: number;
    };

export interface PipelineOptions {
  readonly profile: Profile;
  /** The detectors at hand. Each one that the profile requires must be among them. */
  readonly detectors: readonly DetectorInfo[];
  readonly style: PaintStyle;
  readonly mode: PipelineMode;
}

/** A look that a carrier should start: run `detectorId` on `frame`, then call `settle`. */
export interface WantedLook<B extends FrameBuffer> {
  readonly detectorId: string;
  readonly frame: RawFrame<B>;
  /** How; the carrier's own way where it is undefined. */
  readonly effort: LookEffort | undefined;
}

export type LookResult = { readonly look: Look } | { readonly error: unknown };

/** Live: caches fill and compilers warm up in the first seconds; what is undecided is covered. */
const STARTS_WITHIN_US = 4_000_000;
/**
 * Live: what lies longer behind the oldest held frame is forgotten. A track keeps its last sightings all
 * the same: what is carried further than this stays covered, also over a cut that is forgotten.
 */
const KEPT_PAST_US = 5_000_000;

interface Held<B extends FrameBuffer> {
  readonly frame: RawFrame<B>;
  readonly arrivalUs: number;
}

/**
 * Raw frames in, anonymized frames out. Holds frames until they are decided, and is the only
 * maker of AnonymizedFrame: whatever happens to the detectors, what leaves is painted.
 *
 * It has no clock and starts nothing: the carrier admits frames, runs the wanted looks, settles
 * them in any order, and takes what is released. Times are microseconds of media time, but for
 * `arrivalUs` and `nowUs`, which are the carrier's clock.
 */
export class Pipeline<B extends FrameBuffer = FrameBuffer> {
  readonly recorder = new TimelineRecorder();
  readonly cuts = new SceneCuts();
  readonly #options: PipelineOptions;
  readonly #lines: readonly DetectorLine[];
  readonly #scenes = new SceneDetector();
  readonly #ladder = new OverloadLadder();
  readonly #hold: Hold;
  /** Frames that left undecided for want of a look, by detector. */
  readonly #undecidedBy = new Map<string, number>();
  /** Live: media time to the carrier's clock, by the newest frame. */
  #clockOffsetUs = 0;
  /** Live: the oldest frames that looks have just decided; how long ago they came is yet to be told. */
  #justDecidedUs: number[] = [];
  #held: Held<B>[] = [];
  #lastAdmittedUs = -Infinity;
  #size = '';
  #ended = false;
  #trackCount = 0;
  #shortLookaheads = 0;
  #saturated: SaturatedSpan[] = [];
  /** Live: looks for new strokes for these lines; the first of them says what is known. */
  readonly #strokes = new StrokeWatch();
  readonly #strokeLines: readonly DetectorLine[];

  /** Throws ProfileError `missing-detector`: a smaller set of detectors is never a smaller mask. */
  constructor(options: PipelineOptions) {
    const { mode, detectors } = options;
    this.#options = options;
    const holdMs = mode.kind === 'live' ? mode.holdMs : 0;
    const mostMs = mode.kind === 'live' ? (mode.mostHoldMs ?? holdMs) : 0;
    this.#hold = new Hold({ holdMs, mostMs });
    const refine = mode.kind === 'file' && mode.refine;
    const { profile } = options;
    this.#lines = profile.detectors.flatMap((policy) => {
      const info = detectors.find((candidate) => candidate.id === policy.id);
      if (!info && policy.required) {
        throw new ProfileError(
          'missing-detector',
          `profile "${profile.name}" requires detector ${policy.id}, which is not there; "drape doctor" says why`,
        );
      }
      if (!info) return [];
      return new DetectorLine({
        info,
        policy: refine ? policy : withoutHindsight(policy),
        profile,
        cuts: this.cuts,
        nextId: () => ++this.#trackCount,
        isLive: mode.kind === 'live',
        foresees: refine,
      });
    });
    this.#strokeLines =
      mode.kind === 'live' ? this.#lines.filter((line) => line.policy.changeEveryMs) : [];
  }

  get heldFrames(): number {
    return this.#held.length;
  }

  get isFull(): boolean {
    return this.#held.length >= this.#options.mode.maxHeldFrames;
  }

  /** Frames that left with less lookahead than asked for, because the hold was full. */
  get shortLookaheads(): number {
    return this.#shortLookaheads;
  }

  /** The detector that left most frames undecided since the last call, if any did. */
  takeSlowest(): string | undefined {
    const [most] = [...this.#undecidedBy].sort((a, b) => b[1] - a[1]);
    this.#undecidedBy.clear();
    return most?.[0];
  }

  /** Live: how long frames wait at this moment, in milliseconds. */
  get holdMs(): number {
    return this.#hold.ms;
  }

  /** How far the ladder of an overloaded live stream stands. */
  get overloadStep(): OverloadStep {
    return this.#ladder.step;
  }

  get lines(): readonly DetectorLine[] {
    return this.#lines;
  }

  get profile(): Profile {
    return this.#options.profile;
  }

  /** Takes the frame over. `arrivalUs`: when it came, on the carrier's clock (live only). */
  admit(frame: RawFrame<B>, arrivalUs = 0): void {
    const { info } = frame;
    if (this.#ended || info.ptsUs <= this.#lastAdmittedUs) {
      frame.close();
      throw new RangeError(
        `frame ${info.index} at ${info.ptsUs} us came after the end or not after the one before it`,
      );
    }
    this.#lastAdmittedUs = info.ptsUs;
    this.#clockOffsetUs = arrivalUs - info.ptsUs;
    this.#held.push({ frame, arrivalUs });
    // Damaged pictures are neither looked at nor compared: they are covered whole.
    if (!info.intact) return;
    const planes = frame.read();
    const newScene = this.#scenes.isNewScene(planes);
    if (newScene) this.cuts.add(info.ptsUs);
    for (const line of this.#lines) line.looks.admit(info.ptsUs, newScene);
    this.#watchStrokes(info.ptsUs, planes, newScene);
    frame.rest();
    this.#noteSize(frame);
  }

  /** No frame follows. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const line of this.#lines) line.looks.end();
  }

  /** The next look that a detector should do, or undefined while there is nothing for it. */
  nextLook(detectorId: string): WantedLook<B> | undefined {
    const line = this.#lines.find((candidate) => candidate.info.id === detectorId);
    if (!line) return undefined;
    for (;;) {
      const ptsUs =
        this.#options.mode.kind === 'live' ? line.looks.takeNewest() : line.looks.take();
      if (ptsUs === undefined) return undefined;
      const held = this.#held.find((candidate) => candidate.frame.info.ptsUs === ptsUs);
      if (held) return { detectorId, frame: held.frame, effort: line.looks.effortOf(ptsUs) };
      // It left meanwhile, covered; nobody needs this look any more.
      line.looks.settle(ptsUs, { error: new Error('the frame left before it was looked at') });
      this.#advance(line);
    }
  }

  /** A look ended. Late, repeated and unknown answers are ignored. */
  settle(detectorId: string, ptsUs: number, result: LookResult): void {
    const line = this.#lines.find((candidate) => candidate.info.id === detectorId);
    if (!line) return;
    line.looks.settle(ptsUs, result);
    this.#advance(line);
  }

  /** The frames that may leave now, oldest first. `nowUs`: the carrier's clock (live only). */
  *release(nowUs = 0): Generator<AnonymizedFrame<B>, void, undefined> {
    this.#adaptHold(nowUs);
    for (;;) {
      const held = this.#held[0];
      if (!held) return;
      const plan =
        this.#options.mode.kind === 'live' ? this.#planLive(held, nowUs) : this.#planFile(held);
      if (!plan) return;
      this.#held.shift();
      yield this.#leave(held.frame, plan);
    }
  }

  /** Lets everything go that is still held, covered whole. For a stream that is cut off. */
  *flushCovered(): Generator<AnonymizedFrame<B>, void, undefined> {
    for (const { frame } of this.#held.splice(0)) {
      yield this.#leave(frame, { whole: 'closing', regions: [] });
    }
  }

  /** Gives back all frames still held. Idempotent. */
  close(): void {
    this.#ended = true;
    for (const { frame } of this.#held.splice(0)) frame.close();
  }

  #leave(frame: RawFrame<B>, plan: FramePlan): AnonymizedFrame<B> {
    const { ptsUs } = frame.info;
    this.recorder.frame(frame.info, plan.whole);
    for (const line of this.#lines) line.released(ptsUs, plan);
    this.#saturated = this.#saturated.filter((item) => item.untilUs > ptsUs);
    if (this.#options.mode.kind === 'live') this.#forget(ptsUs);
    return paintAndSeal(frame, plan, this.#options.style);
  }

  /** A live stream has no end: nothing may grow with it. */
  #forget(ptsUs: number): void {
    this.cuts.forget(ptsUs - KEPT_PAST_US);
    for (const line of this.#lines) line.trim(ptsUs - KEPT_PAST_US);
  }

  #watchStrokes(ptsUs: number, planes: I420Planes, newScene: boolean): void {
    const [first] = this.#strokeLines;
    if (!first) return;
    if (newScene) this.#strokes.reset();
    const { classes } = this.#options.profile;
    const sinceUs = this.#strokes.next(ptsUs, planes, () =>
      [...first.tracks()].flatMap((track) => {
        if (track.confirmedAtUs === undefined) return [];
        const { growShare, growMinPx } = classes[track.cls];
        return growBoxBy(growBox(lastSighting(track).box, growShare), growMinPx, growMinPx);
      }),
    );
    if (sinceUs === undefined) return;
    for (const line of this.#strokeLines) line.looks.changed(sinceUs);
  }

  #planFile(held: Held<B>): FramePlan | undefined {
    const { mode } = this.#options;
    const { ptsUs } = held.frame.info;
    const lookaheadUs = mode.kind === 'file' ? mode.lookaheadMs * 1000 : 0;
    const settledUs = Math.min(
      ...this.#lines.map((line) => line.looks.settledUntil(this.#lastAdmittedUs)),
    );
    const horizonUs = ptsUs + lookaheadUs;
    if (settledUs >= horizonUs) return this.#decide(held.frame, horizonUs, lookaheadUs);
    if (!this.isFull || this.#ended) return undefined;
    // Full, so nothing more comes in before something leaves: a look that would only be due later
    // is asked for now. Where the hold is too small for the whole lookahead, the oldest frame
    // goes with what is known once a look at or after it is in.
    const isShort = this.#lastAdmittedUs < horizonUs;
    if (!isShort || settledUs < ptsUs) {
      for (const line of this.#lines) line.looks.wantBy(isShort ? ptsUs : horizonUs);
      return undefined;
    }
    if (this.#shortLookaheads++ === 0) {
      const detail = `hold is full at ${mode.maxHeldFrames} frames`;
      this.recorder.event({ atUs: ptsUs, kind: 'short-lookahead', detail });
    }
    return this.#decide(held.frame, settledUs, lookaheadUs);
  }

  #planLive(held: Held<B>, nowUs: number): FramePlan | undefined {
    const { mode } = this.#options;
    const { ptsUs } = held.frame.info;
    const holdUs = this.#hold.ms * 1000;
    const due = this.#ended || nowUs - held.arrivalUs >= holdUs;
    if (!due && this.#held.length <= mode.maxHeldFrames) return undefined;
    const plan = this.#decide(held.frame, Infinity, holdUs);
    const change = this.#stepLadder(ptsUs, plan);
    if (change) {
      const detail = `${change.from} -> ${change.to}`;
      this.recorder.event({ atUs: ptsUs, kind: 'overload-step', detail });
    }
    if (this.#ladder.step === 'slate') return { ...plan, whole: 'undecided' };
    if (this.#ladder.step === 'pixelated') return { ...plan, whole: 'overload' };
    return plan;
  }

  #stepLadder(ptsUs: number, { whole }: FramePlan): OverloadChange | undefined {
    if (whole === 'detector-failed') return this.#ladder.detectorFailed(ptsUs);
    // What has just come into view is covered until it is looked at: that is no lack of speed.
    const isStarting = ptsUs - (this.recorder.firstUs ?? ptsUs) < STARTS_WITHIN_US;
    if (whole === 'undecided') {
      if (isStarting || this.#isSettling(ptsUs)) return undefined;
      this.#noteHold(this.#hold.late(ptsUs));
    }
    return this.#ladder.frameDue(ptsUs, whole !== 'undecided');
  }

  /** True where nothing but a new scene, or something new in it, leaves the frame undecided. */
  #isSettling(ptsUs: number): boolean {
    return this.#lines.every(
      (line) =>
        !line.policy.required ||
        line.looks.hasDecided(ptsUs, { freshUs: this.#freshUs(line), horizonUs: Infinity }) ||
        line.looks.isNewAt(ptsUs),
    );
  }

  /** How much older than a frame a look may be that decides it. */
  #freshUs({ policy }: DetectorLine, aheadUs = this.#hold.ms * 1000): number {
    // Longer where the cadence is longer than the hold.
    const { lookEveryMs, freshMs = 0 } = policy;
    return Math.max(0, lookEveryMs * 1000 - aheadUs, freshMs * 1000);
  }

  /** What is covered on a frame, from looks not later than `horizonUs`. */
  #decide(frame: RawFrame<B>, horizonUs: number, aheadUs: number): FramePlan {
    const { info } = frame;
    const { profile } = this.#options;
    const regions = [
      ...alwaysRegions(profile, info),
      ...this.#lines.flatMap((line) => line.regionsAt(info, horizonUs)),
    ];
    for (const item of this.#saturated) {
      if (item.fromUs <= info.ptsUs && info.ptsUs <= item.untilUs) regions.push(item.region);
    }
    return planOf(this.#wholeCause(frame, horizonUs, aheadUs), regions);
  }

  #wholeCause(frame: RawFrame<B>, horizonUs: number, aheadUs: number): WholeCause | undefined {
    const { ptsUs, intact } = frame.info;
    if (!intact) return 'damaged';
    for (const line of this.#lines) {
      if (line.liveTracks > MAX_LIVE_TRACKS) return 'saturated';
      if (!line.policy.required) continue;
      const freshUs = this.#freshUs(line, aheadUs);
      if (line.looks.hasDecided(ptsUs, { freshUs, horizonUs })) continue;
      const { id } = line.info;
      this.#undecidedBy.set(id, (this.#undecidedBy.get(id) ?? 0) + 1);
      return line.looks.hasFailedNear(ptsUs) ? 'detector-failed' : 'undecided';
    }
    return undefined;
  }

  /** A detector that needs longer than the hold makes it longer, before anything is covered for it. */
  #adaptHold(nowUs: number): void {
    for (const decidedUs of this.#justDecidedUs.splice(0)) {
      const lagMs = (nowUs - this.#clockOffsetUs - decidedUs) / 1000;
      this.#noteHold(this.#hold.decided(this.#lastAdmittedUs, lagMs));
    }
  }

  #noteHold(changedMs: number | undefined): void {
    if (changedMs === undefined) return;
    const detail = `${changedMs} ms`;
    this.recorder.event({ atUs: this.#lastAdmittedUs, kind: 'hold-changed', detail });
  }

  #advance(line: DetectorLine): void {
    line.advance(({ ptsUs, look, error }) => {
      if (!look) {
        const reason = error instanceof Error ? error.name : 'unknown';
        const detail = `${line.info.id}: ${reasonOf(error) ?? reason}`;
        this.recorder.event({ atUs: ptsUs, kind: 'detector-failed', detail });
        return;
      }
      if (this.#options.mode.kind === 'live') this.#noteDecided(line, ptsUs);
      if (line === this.#strokeLines[0]) this.#strokes.looked(ptsUs);
      if (look.saturated.length === 0) return;
      this.#saturated.push(...saturatedSpans([{ ptsUs, look }], line.policy.lookEveryMs));
      this.recorder.event({ atUs: ptsUs, kind: 'saturated', detail: line.info.id });
    });
  }

  #noteDecided(line: DetectorLine, ptsUs: number): void {
    const { required, freshMs = 0 } = line.policy;
    const oldestUs = required ? line.looks.firstDecidedBy(ptsUs, freshMs * 1000) : undefined;
    if (oldestUs !== undefined) this.#justDecidedUs.push(oldestUs);
  }

  #noteSize(frame: RawFrame<B>): void {
    const size = `${frame.info.widthPx}x${frame.info.heightPx}`;
    if (this.#size !== '' && this.#size !== size) {
      const detail = `${this.#size} -> ${size}`;
      this.recorder.event({ atUs: frame.info.ptsUs, kind: 'size-changed', detail });
    }
    this.#size = size;
  }
}

/** Looks that a delay allows: none between others, and each new scene's first frame. */
function withoutHindsight(policy: DetectorPolicy): DetectorPolicy {
  return { ...policy, busyEveryMs: Infinity, refineToMs: Infinity, waitsAfterCuts: false };
}

function reasonOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('reason' in error)) return undefined;
  return typeof error.reason === 'string' ? error.reason : undefined;
}

/**
 * Applies plans that are known beforehand: the second pass over a file, a re-mask. A frame
 * without a plan is covered whole.
 */
export class PlannedPainter<B extends FrameBuffer = FrameBuffer> {
  readonly recorder = new TimelineRecorder();
  readonly #planOf: (frame: RawFrame<B>) => FramePlan | undefined;
  readonly #style: PaintStyle;

  constructor(planOf: (frame: RawFrame<B>) => FramePlan | undefined, style: PaintStyle) {
    this.#planOf = planOf;
    this.#style = style;
  }

  paint(frame: RawFrame<B>): AnonymizedFrame<B> {
    const known = frame.info.intact
      ? this.#planOf(frame)
      : ({ whole: 'damaged', regions: [] } satisfies FramePlan);
    const plan = known ?? { whole: 'undecided', regions: [] };
    this.recorder.frame(frame.info, plan.whole);
    return paintAndSeal(frame, plan, this.#style);
  }
}

function paintAndSeal<B extends FrameBuffer>(
  frame: RawFrame<B>,
  plan: FramePlan,
  style: PaintStyle,
): AnonymizedFrame<B> {
  const buffer = frame.take();
  try {
    // Writing may copy memory that the decoder shares: only where there is something to paint.
    if (plan.whole !== undefined || plan.regions.length > 0) {
      paintFrame(buffer.write(), plan, style);
    }
  } catch (error) {
    buffer.close();
    throw error;
  }
  return sealFrame({ info: frame.info, plan, buffer });
}
