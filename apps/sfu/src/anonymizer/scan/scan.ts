import { availableParallelism } from 'node:os';
import type { AvFrameBuffer } from '@drape/anonymizer/node';
import { LiveDecoder, type LiveCodec } from '@drape/anonymizer/node';
import {
  DetectorError,
  type Detection,
  type Detector,
  type RawFrame,
} from '@drape/anonymizer/core';
import { RtpInput, type ArrivedUnit } from '../child/rtp-input.ts';
import { WorkQueue } from '../child/work-queue.ts';
import { Confirmation } from './confirmation.ts';
import type { ScanHit, ScanOptions } from './messages.ts';
import { isPainted } from './painted-place.ts';

/** Coded pictures that wait for the decoder: a scan is in no hurry, but has no memory to spare. */
const MAX_CODED = 60;
const LOOPBACK = '127.0.0.1';
const TEN_SECONDS_MS = 10_000;
/**
 * Share of one core's time in which a scan looks, at most: on a machine of two cores an eighth, so
 * that the stream itself is not late for it; from 16 cores on as often as it is asked to.
 */
const LOOKING_SHARE = Math.min(1, availableParallelism() / 16);

export interface ScanSetup {
  readonly options: ScanOptions;
  readonly codec: LiveCodec;
  readonly detectors: readonly Detector[];
  readonly onHit: (hit: ScanHit) => void;
  readonly onLooked: () => void;
  readonly onKeyframeWanted: () => void;
  readonly onFailed: (error: unknown) => void;
}

/** Decodes what viewers get and looks at one picture now and then. */
export class Scan {
  readonly #setup: ScanSetup;
  readonly #decoder: LiveDecoder;
  readonly #coded: WorkQueue<ArrivedUnit>;
  readonly #confirmation = new Confirmation();
  readonly #everyMs: number;
  #input: RtpInput | undefined;
  #nextLookMs = -Infinity;
  #looking = false;

  private constructor(setup: ScanSetup, decoder: LiveDecoder) {
    this.#setup = setup;
    this.#decoder = decoder;
    this.#everyMs = TEN_SECONDS_MS / (setup.options.looksPerTenSeconds ?? 10);
    this.#coded = new WorkQueue({
      limit: MAX_CODED,
      work: (unit) => this.#decode(unit),
      discard: () => undefined,
      onError: setup.onFailed,
    });
  }

  /** Listens. Throws LiveError `codec`, or what a socket fails with. */
  static async open(setup: ScanSetup): Promise<Scan> {
    const { input } = setup.options;
    const timeBase = { num: 1, den: input.clockRate };
    const scan = new Scan(setup, await LiveDecoder.open(setup.codec, { timeBase, threads: 1 }));
    scan.#input = await RtpInput.open({
      codec: setup.codec,
      payloadType: input.payloadType,
      clockRate: input.clockRate,
      ssrc: input.ssrc,
      ip: input.listenIp ?? LOOPBACK,
      onUnit: (unit) => {
        scan.#take(unit);
      },
      onKeyframeRequest: setup.onKeyframeWanted,
    });
    return scan;
  }

  get listen(): { readonly ip: string; readonly port: number } {
    if (!this.#input) throw new Error('the scan is not open');
    return this.#input.address;
  }

  #take(unit: ArrivedUnit): void {
    const overflows = this.#coded.isFull;
    if (overflows) this.#coded.dropAll();
    this.#coded.push(overflows ? { ...unit, lostBefore: true } : unit);
  }

  async #decode(unit: ArrivedUnit): Promise<void> {
    for (const frame of await this.#decoder.decode(unit)) {
      if (this.#isDue(frame)) {
        this.#looking = true;
        // Not awaited: decoding goes on, and the next look waits for this one.
        this.#look(frame).catch(this.#setup.onFailed);
      } else frame.close();
    }
    if (!this.#decoder.trusted) this.#input?.requestKeyframe();
  }

  #isDue({ info }: RawFrame): boolean {
    return info.intact && !this.#looking && performance.now() >= this.#nextLookMs;
  }

  async #look(frame: RawFrame<AvFrameBuffer>): Promise<void> {
    const atMs = Date.now();
    const startMs = performance.now();
    try {
      const found: Detection[] = [];
      for (const detector of this.#setup.detectors) {
        const look = await detector.look(frame, { effort: 'thorough' });
        const sure = look.detections.filter(({ score }) => score >= detector.info.steps.high);
        found.push(...sure.filter(({ box }) => !isPainted(frame.read(), box)));
      }
      for (const { cls, score, box } of this.#confirmation.next(found)) {
        const { x, y, w, h } = box;
        this.#setup.onHit({ class: cls, score, box: [x, y, w, h], atMs });
      }
      this.#setup.onLooked();
    } catch (error) {
      // A look that failed found nothing; a detector that is gone is opened again.
      if (!(error instanceof DetectorError)) throw error;
    } finally {
      frame.close();
      this.#looking = false;
      const tookMs = performance.now() - startMs;
      this.#nextLookMs = startMs + Math.max(this.#everyMs, tookMs / LOOKING_SHARE);
    }
  }
}
