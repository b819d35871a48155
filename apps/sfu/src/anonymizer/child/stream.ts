import {
  LiveTimeline,
  type AnonymizedFrame,
  type Detector,
  type LivePipelineEvent,
  type Profile,
} from '@drape/anonymizer/core';
import {
  LiveAnonymizer,
  LiveDecoder,
  LiveEncoder,
  type AvFrameBuffer,
  type LiveCodec,
} from '@drape/anonymizer/node';
import type { StreamOptions } from '../options.ts';
import type { StreamState } from '../stream-state.ts';
import { KeyframeGate } from './keyframe-gate.ts';
import { RtpInput, type ArrivedUnit } from './rtp-input.ts';
import { RtpOutput } from './rtp-output.ts';
import { StreamMeter } from './stream-meter.ts';
import { WorkQueue } from './work-queue.ts';

interface Leaving {
  readonly frame: AnonymizedFrame<AvFrameBuffer>;
  readonly arrivalMs: number;
  readonly holdMs: number;
}

/** Coded pictures that wait for the decoder: a second of 30. */
const MAX_CODED = 30;
/** Painted frames that wait for the encoder: where it is behind, the newest count. */
const MAX_LEAVING = 6;
/** How often a keyframe is asked for while nothing can be decoded. */
const STARVED_EVERY_MS = 500;
const LOOPBACK = '127.0.0.1';

export interface StreamSetup {
  readonly options: StreamOptions;
  readonly codec: LiveCodec;
  readonly profile: Profile;
  /** Warm ones. They stay the caller's. */
  readonly detectors: readonly Detector[];
  /** The publisher should send a keyframe. */
  readonly onKeyframeWanted: () => void;
  /** The stream can't go on. */
  readonly onFailed: (error: unknown) => void;
}

/** RTP in, decoded, anonymized, encoded, RTP out. */
export class Stream {
  readonly #anonymizer: LiveAnonymizer<AvFrameBuffer>;
  readonly #decoder: LiveDecoder;
  readonly #encoder: LiveEncoder;
  readonly #coded: WorkQueue<ArrivedUnit>;
  readonly #leaving: WorkQueue<Leaving>;
  readonly #meter: StreamMeter;
  readonly #keyframes = new KeyframeGate();
  readonly #timeline: LiveTimeline;
  #input: RtpInput | undefined;
  #output: RtpOutput | undefined;
  #starving: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(setup: StreamSetup, decoder: LiveDecoder) {
    const { options, profile, detectors, onFailed } = setup;
    const { style, holdMs, maxBitrateBps } = options;
    this.#decoder = decoder;
    this.#encoder = new LiveEncoder({ maxBitrateBps, threads: 1 });
    this.#meter = new StreamMeter();
    this.#coded = new WorkQueue({
      limit: MAX_CODED,
      work: (unit) => this.#decode(unit),
      discard: () => undefined,
      onError: onFailed,
    });
    this.#leaving = new WorkQueue({
      limit: MAX_LEAVING,
      work: (leaving) => this.#encode(leaving),
      discard: ({ frame }) => {
        frame.close();
      },
      onError: onFailed,
    });
    this.#anonymizer = new LiveAnonymizer({
      profile,
      detectors,
      style,
      holdMs,
      take: (frame, arrivalMs) => {
        this.#meter.released(frame);
        this.#leaving.push({ frame, arrivalMs, holdMs: this.#anonymizer.pipeline.holdMs });
      },
    });
    this.#timeline = new LiveTimeline(this.#anonymizer.pipeline);
  }

  /** Listens, and is ready to send. Throws LiveError `codec`, ProfileError, or what sockets fail with. */
  static async open(setup: StreamSetup): Promise<Stream> {
    const { input, output } = setup.options;
    const timeBase = { num: 1, den: input.clockRate };
    const decoder = await LiveDecoder.open(setup.codec, { timeBase, threads: 1 });
    const stream = new Stream(setup, decoder);
    try {
      stream.#output = await RtpOutput.open({
        ...output,
        onKeyframeWanted: () => {
          stream.requestKeyframe();
        },
      });
      stream.#input = await RtpInput.open({
        codec: setup.codec,
        payloadType: input.payloadType,
        clockRate: input.clockRate,
        ssrc: input.ssrc,
        ip: input.listenIp ?? LOOPBACK,
        onUnit: (unit) => {
          stream.#take(unit);
        },
        onKeyframeRequest: setup.onKeyframeWanted,
      });
      stream.#starving = setInterval(() => {
        if (!decoder.trusted) stream.#input?.requestKeyframe();
      }, STARVED_EVERY_MS);
      return stream;
    } catch (error) {
      await stream.close();
      throw error;
    }
  }

  get listen(): { readonly ip: string; readonly port: number } {
    if (!this.#input) throw new Error('the stream is not open');
    return this.#input.address;
  }

  /** The room needs a keyframe. */
  requestKeyframe(): void {
    this.#keyframes.want();
  }

  setMaxBitrate(bps: number): void {
    this.#encoder.setMaxBitrate(bps);
  }

  /** The figures since the last call. */
  takeState(): StreamState {
    const { packets = 0, lost = 0, foreign = 0 } = this.#input?.counts ?? {};
    const { framesIn, framesOut, keyframesOut } = this.#meter;
    const waitsFor = this.#anonymizer.pipeline.takeSlowest();
    return {
      ...(waitsFor === undefined ? {} : { waitsFor }),
      ...this.#meter.take(this.#anonymizer.pipeline.holdMs),
      step: this.#anonymizer.pipeline.overloadStep,
      totals: {
        packetsIn: packets,
        packetsLost: lost,
        packetsForeign: foreign,
        framesIn,
        framesOut,
        keyframesOut,
        dropped: this.#coded.dropped + this.#leaving.dropped + (this.#output?.dropped ?? 0),
      },
    };
  }

  /** What happened since the last call, as far as it is over. */
  takeTimeline(): LivePipelineEvent[] {
    return this.#timeline.take();
  }

  /** Nothing leaves any more. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#starving);
    this.#output?.close();
    this.#input?.close();
    this.#anonymizer.close();
    await this.#coded.close();
    await this.#leaving.close();
    this.#decoder.close();
    this.#encoder.close();
  }

  #take(unit: ArrivedUnit): void {
    // Pictures are predicted from each other: with one that is dropped, all that wait are worthless.
    const overflows = this.#coded.isFull;
    if (overflows) this.#coded.dropAll();
    this.#coded.push(overflows ? { ...unit, lostBefore: true } : unit);
  }

  async #decode(unit: ArrivedUnit): Promise<void> {
    const frames = await this.#decoder.decode(unit);
    for (const frame of frames) {
      this.#meter.frameIn();
      this.#anonymizer.push(frame, unit.arrivalMs);
    }
    if (!this.#decoder.trusted) this.#input?.requestKeyframe();
  }

  async #encode({ frame, arrivalMs, holdMs }: Leaving): Promise<void> {
    try {
      if (this.#closed) return;
      if (this.#keyframes.opens(performance.now())) this.#encoder.forceKeyframe();
      for (const picture of await this.#encoder.encode(frame)) {
        const nowMs = performance.now();
        if (picture.isKey) this.#keyframes.made(nowMs);
        this.#output?.send(picture);
        this.#meter.sent(nowMs - arrivalMs, { holdMs, isKey: picture.isKey });
      }
    } finally {
      frame.close();
    }
  }
}
