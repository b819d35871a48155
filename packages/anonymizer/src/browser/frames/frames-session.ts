import {
  DetectorError,
  LiveCarrier,
  mostHeld,
  RawFrame,
  type PaintStyle,
  type Profile,
  LiveTimeline,
  type SupervisedDetector,
} from '../../core/index.ts';
import type { EdgeFailing } from '../api.ts';
import { WEBGL_LOST } from '../detectors/webgl-lost.ts';
import type { FromFrames } from '../messages.ts';
import { median, systemClock } from './clock.ts';
import { FrameCopier, rotationOf, sizeOf } from './copy-frame.ts';
import { Pace } from './pace.ts';
import { PlanePool, PoolError, type PooledFrame } from './plane-pool.ts';
import { RateGate } from './rate-gate.ts';
import { SecondMeter } from './second-meter.ts';
import type { FrameSink } from './sinks.ts';

/** Seconds after the start in which being slow counts for nothing: caches and compilers warm up. */
const GRACE_S = 4;
/** A detector may be away for this many seconds before the server should take over. */
const AWAY_S = 2;
/** Buffers beyond those in the hold: one being filled, and what is painted. */
const SPARE_BUFFERS = 3;

/**
 * A look that takes longer has failed: its worker may hang. What it should have decided left long
 * before; what it finds still follows faces and text, and so a busy machine is given time.
 */
const LOOK_DEADLINE_MS = 10_000;

export interface FramesSessionOptions {
  readonly profile: Profile;
  readonly style: PaintStyle;
  readonly holdMs: number;
  readonly detectors: readonly SupervisedDetector[];
  readonly sink: FrameSink;
  readonly send: (message: FromFrames) => void;
}

/** One stream in the frames' worker: raw frames in, anonymized ones into the sink. */
export class FramesSession {
  readonly #options: FramesSessionOptions;
  readonly #pool: PlanePool;
  readonly #copier: FrameCopier;
  readonly #carrier: LiveCarrier<PooledFrame>;
  readonly #timeline: LiveTimeline;
  readonly #meter = new SecondMeter(performance.now());
  readonly #gate = new RateGate();
  readonly #pace = new Pace();
  readonly #failing = new Set<EdgeFailing>();
  readonly #awayS = new Map<string, number>();
  readonly #timer: ReturnType<typeof setInterval>;
  #index = 0;
  #lastUs = -Infinity;
  #seconds = 0;
  #webglLost = false;
  #closed = false;

  /** Throws ProfileError `missing-detector`. */
  constructor(options: FramesSessionOptions) {
    const { profile, style, holdMs, detectors, sink } = options;
    this.#options = options;
    this.#pool = new PlanePool(mostHeld(holdMs) + SPARE_BUFFERS);
    this.#copier = new FrameCopier(this.#pool);
    this.#carrier = new LiveCarrier<PooledFrame>({
      profile,
      detectors,
      style,
      holdMs,
      lookDeadlineMs: LOOK_DEADLINE_MS,
      clock: systemClock,
      take: (frame, arrivalMs) => {
        this.#meter.left(frame, systemClock.nowMs() - arrivalMs);
        sink.write(frame);
      },
      settled: (_, error) => {
        const isLost = error instanceof DetectorError && error.message.includes(WEBGL_LOST);
        if (isLost) this.#webglLost = true;
      },
    });
    this.#timeline = new LiveTimeline(this.#carrier.pipeline);
    this.#timer = setInterval(() => {
      this.#second();
    }, 1000);
  }

  /** Looks at a frame and copies it, where the rate lets it in. The frame stays the caller's. */
  async take(frame: VideoFrame): Promise<void> {
    this.#meter.came();
    const ptsUs = Math.round(frame.timestamp);
    if (this.#closed || ptsUs <= this.#lastUs || !this.#gate.admits(ptsUs)) return;
    this.#lastUs = ptsUs;
    const startMs = performance.now();
    const { widthPx, heightPx } = sizeOf(frame);
    const rotationDeg = rotationOf(frame);
    let buffer: PooledFrame;
    try {
      buffer = await this.#copier.copy(frame);
    } catch (error) {
      // More frames at once than ever can be held: this one is left out.
      if (error instanceof PoolError) return;
      throw error;
    }
    const info = { index: this.#index++, ptsUs, widthPx, heightPx, rotationDeg, intact: true };
    this.#meter.admitted();
    this.#carrier.push(new RawFrame(info, buffer));
    this.#meter.busy(performance.now() - startMs);
  }

  /** Gives back what is held. The detectors stay the caller's. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#carrier.close();
    this.#pool.close();
    await this.#options.sink.close();
  }

  #second(): void {
    const { send } = this.#options;
    const waitsFor = this.#carrier.pipeline.takeSlowest();
    const second = this.#meter.take(performance.now(), {
      ...(waitsFor === undefined ? {} : { waitsFor }),
      holdMs: this.#carrier.pipeline.holdMs,
      step: this.#carrier.pipeline.overloadStep,
      looks: this.#options.detectors.map((detector) => {
        const tookMs = detector.takeTimesMs();
        return { id: detector.info.id, count: tookMs.length, ms: Math.round(median(tookMs)) };
      }),
    });
    send({ kind: 'state', state: second.state });
    const events = this.#timeline.take();
    if (events.length > 0) send({ kind: 'timeline', events });
    this.#watchDetectors();
    // A camera that gives nothing says nothing about the machine.
    if (++this.#seconds <= GRACE_S || second.state.fpsIn === 0) return;
    const { fps, isFailing } = this.#pace.second({
      step: second.state.step,
      fpsOut: second.state.fpsOut,
      ...second,
    });
    this.#gate.fps = fps;
    const { fpsIn, fpsOut, step } = second.state;
    const detail = `${fpsIn} frames a second in, ${fpsOut} out, ladder at ${step}`;
    this.#report('too-slow', isFailing, detail);
  }

  #watchDetectors(): void {
    const away = this.#options.detectors.filter((detector) => {
      const seconds = detector.isUp ? 0 : (this.#awayS.get(detector.info.id) ?? 0) + 1;
      this.#awayS.set(detector.info.id, seconds);
      return seconds >= AWAY_S;
    });
    const names = away.map((detector) => detector.info.id).join(', ');
    this.#report('detector-failed', away.length > 0, `${names} does not come back`);
    this.#report('webgl-lost', this.#webglLost, 'the browser took the WebGL context away');
    this.#webglLost = false;
  }

  #report(reason: EdgeFailing, isFailing: boolean, detail: string): void {
    if (!isFailing) this.#failing.delete(reason);
    else if (!this.#failing.has(reason)) {
      this.#failing.add(reason);
      this.#options.send({ kind: 'failing', reason, detail });
    }
  }
}
