import { LiveError, liveProfile, type ModelRef } from '@drape/contract';
import {
  type AnonymizedProducer,
  type AnonymizerLink,
  attest,
  Attestation,
  type RawProducer,
} from '../engine/index.ts';
import type { RoomAnonymizer } from './ports.ts';
import type { EpochTerms } from './room-record.ts';
import type { ServerContext, ServerEvents } from './server-source.ts';

export interface RunOptions {
  readonly context: ServerContext;
  readonly raw: RawProducer;
  readonly epoch: number;
  readonly terms: EpochTerms;
  readonly events: Pick<ServerEvents, 'onStats' | 'onTimeline'>;
  /** Aborted while it starts: it is given up. */
  readonly signal: AbortSignal;
}

/** One life of an anonymizer and of its link: warm from `open()` on, at work from `start()` on. */
export class AnonymizerRun {
  readonly epoch: number;
  /** Why it is over; never rejects. */
  readonly ended: Promise<string>;
  readonly #link: AnonymizerLink;
  readonly #anonymizer: RoomAnonymizer;
  readonly #end: (reason: string) => void;
  #over = false;

  private constructor(parts: {
    readonly epoch: number;
    readonly link: AnonymizerLink;
    readonly anonymizer: RoomAnonymizer;
    readonly ending: PromiseWithResolvers<string>;
  }) {
    this.epoch = parts.epoch;
    this.#link = parts.link;
    this.#anonymizer = parts.anonymizer;
    this.#end = parts.ending.resolve;
    this.ended = parts.ending.promise.then((reason) => {
      this.#over = true;
      return reason;
    });
  }

  /** Rejects when the process does not start; nothing is left of it then. */
  static async open(options: RunOptions): Promise<AnonymizerRun> {
    const { context, raw, epoch } = options;
    const link = await context.media.openAnonymizerLink(raw, `drape-${context.roomId}-${epoch}`);
    const ending = Promise.withResolvers<string>();
    link.onEnded(() => {
      ending.resolve('raw stream ended');
    });
    try {
      const anonymizer = await openProcess(options, link, ending.resolve);
      const run = new AnonymizerRun({ epoch, link, anonymizer, ending });
      if (!options.signal.aborted) return run;
      await run.close();
      throw new LiveError('stale-epoch', 'the epoch was given up while its anonymizer started');
    } catch (error) {
      link.close();
      throw error;
    }
  }

  get over(): boolean {
    return this.#over;
  }

  /** Raw video flows in, and what comes out is attested. */
  async start(): Promise<{
    readonly producer: AnonymizedProducer;
    readonly models: readonly ModelRef[];
  }> {
    const { producer } = this.#link;
    await this.#link.start(this.#anonymizer.listen);
    const attestation = Attestation.ofPipeline(producer.id, this.#anonymizer.attestation);
    return { producer: attest(producer, attestation), models: attestation.models };
  }

  setMaxBitrate(bps: number): void {
    this.#anonymizer.setMaxBitrate(bps);
  }

  /** Idempotent. Viewers lose it at once; resolves when the process is gone. */
  async close(): Promise<void> {
    this.#end('closed');
    this.#link.close();
    await this.#anonymizer.close();
  }
}

async function openProcess(
  { context, epoch, terms, events, signal }: RunOptions,
  link: AnonymizerLink,
  onEnded: (reason: string) => void,
): Promise<RoomAnonymizer> {
  const { roomId, openAnonymizer, maxBitrateBps } = context;
  const { style, holdMs } = terms;
  const profile = liveProfile(terms.profile).pipeline;
  const { input, output } = link;
  const anonymizer = await openAnonymizer(
    { roomId, epoch, profile, style, holdMs, maxBitrateBps, input, output, signal },
    { ...events, onKeyframeWanted: () => void link.requestKeyframe(), onEnded },
  );
  if (anonymizer.attestation.profile === profile) return anonymizer;
  await anonymizer.close();
  throw new LiveError('internal', 'the anonymizer vouches for another profile than was asked for');
}
