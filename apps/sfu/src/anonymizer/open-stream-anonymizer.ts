import type { LiveTimelineEvent } from '@drape/contract';
import * as z from 'zod';
import { StreamAnonymizerError, type StreamAnonymizerErrorReason } from './errors.ts';
import { Listeners } from './listeners.ts';
import { fromChildSchema, type Attestation, type FromChild, type ToChild } from './messages.ts';
import { startRace, type StartLimits } from './start-race.ts';
import { streamOptionsSchema, type StreamOptions } from './options.ts';
import type { StreamState } from './stream-state.ts';
import { SUPERVISION, SupervisedProcess, type Supervision } from './supervised-process.ts';

/** Loading and warming up three detectors; minutes on a machine that is very busy. */
const START_LIMIT_MS = 60_000;

export interface StreamEvents extends Record<string, unknown[]> {
  /** Once a second. */
  state: [StreamState];
  /** It can't decode without a keyframe of the publisher. RTCP asked the sender already. */
  'keyframe-wanted': [];
  timeline: [readonly LiveTimelineEvent[]];
  /** It is gone without having been closed. At most once. */
  ended: [StreamAnonymizerError];
}

/** The process that anonymizes one stream. */
export interface StreamAnonymizer {
  readonly pid: number;
  /** Where it listens for raw RTP; RTCP shares the port. */
  readonly listen: { readonly ip: string; readonly port: number };
  readonly attestation: Attestation;
  /** The next picture out is a keyframe, at most one in 250 ms. */
  requestKeyframe(): void;
  /** Bits per second; takes effect with the next picture. */
  setMaxBitrate(bps: number): void;
  /** Gives a function that takes the listener away again. */
  on<Name extends keyof StreamEvents>(
    name: Name,
    listener: (...args: StreamEvents[Name]) => void,
  ): () => void;
  /** Resolves when the process is gone. Idempotent. */
  close(): Promise<void>;
}

/** What tests put in other ways. */
export interface OpenParts {
  readonly program?: URL;
  readonly startLimitMs?: number;
  readonly supervision?: Partial<Supervision>;
}

/**
 * Starts the process of a stream. Resolves once its detectors are warm and it listens; from then
 * on every picture that leaves it is decided or covered.
 * @throws StreamAnonymizerError; the process is gone then
 */
export async function openStreamAnonymizer(
  options: StreamOptions & { readonly signal?: AbortSignal },
  parts: OpenParts = {},
): Promise<StreamAnonymizer> {
  const { signal, ...given } = options;
  const parsed = streamOptionsSchema.safeParse(given);
  if (!parsed.success) {
    throw new StreamAnonymizerError('bad-options', z.prettifyError(parsed.error));
  }
  const stream = new ProcessStream(parts);
  return stream.start(parsed.data, { signal, limitMs: parts.startLimitMs ?? START_LIMIT_MS });
}

const PROGRAM = new URL('./child/main.ts', import.meta.url);

type Ready = Extract<FromChild, { type: 'ready' }>;

class ProcessStream implements StreamAnonymizer {
  readonly #process: SupervisedProcess<FromChild>;
  readonly #listeners = new Listeners<StreamEvents>();
  readonly #isReady = Promise.withResolvers<Ready>();
  #ready: Ready | undefined;
  #closed = false;

  constructor({ program = PROGRAM, supervision = {} }: OpenParts) {
    this.#process = new SupervisedProcess<FromChild>({
      isLive: true,
      program,
      schema: fromChildSchema,
      supervision: { ...SUPERVISION, ...supervision },
      onMessage: this.#onMessage,
    });
    void this.#process.ended.then((error) => {
      if (this.#ready && !this.#closed) this.#listeners.emit('ended', error);
    });
  }

  async start(options: StreamOptions, limits: StartLimits): Promise<StreamAnonymizer> {
    this.#send({ type: 'start', options });
    try {
      this.#ready = await startRace(this.#isReady.promise, this.#process.ended, limits);
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get listen(): Ready['listen'] {
    return this.#known.listen;
  }

  get attestation(): Attestation {
    return this.#known.attestation;
  }

  requestKeyframe(): void {
    this.#send({ type: 'keyframe' });
  }

  setMaxBitrate(bps: number): void {
    this.#send({ type: 'max-bitrate', bps });
  }

  on<Name extends keyof StreamEvents>(
    name: Name,
    listener: (...args: StreamEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(name, listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#process.close();
  }

  get #known(): Ready {
    if (!this.#ready) throw new Error('the process is not ready');
    return this.#ready;
  }

  #send(message: ToChild): void {
    this.#process.send(message);
  }

  readonly #onMessage = (message: FromChild): void => {
    switch (message.type) {
      case 'ready':
        this.#process.watch();
        this.#isReady.resolve(message);
        return;
      case 'failed':
        this.#process.fail(reasonOf(message.reason), message.message);
        return;
      case 'state':
        this.#listeners.emit('state', message.state);
        return;
      case 'timeline':
        this.#listeners.emit('timeline', message.events);
        return;
      case 'keyframe-wanted':
        this.#listeners.emit('keyframe-wanted');
        return;
      case 'pong':
    }
  };
}

function reasonOf(
  said: Extract<FromChild, { type: 'failed' }>['reason'],
): StreamAnonymizerErrorReason {
  return said === 'failed' ? 'crashed' : said;
}
