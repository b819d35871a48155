import type * as z from 'zod';
import { startProcess, type StreamProcess } from './child-process.ts';
import { StreamAnonymizerError, type StreamAnonymizerErrorReason } from './errors.ts';

export interface Supervision {
  readonly pingEveryMs: number;
  /** Pings in a row without an answer after which it counts as hung. */
  readonly maxMissed: number;
  /** It is killed beyond this; raw pictures, weights and codecs of 1080p take about 0.5 GiB. */
  readonly maxMemoryBytes: number;
  /** How long it may clean up after SIGTERM. */
  readonly graceMs: number;
}

export const SUPERVISION: Supervision = {
  pingEveryMs: 1000,
  // Detectors take every core for a while when they start.
  maxMissed: 8,
  maxMemoryBytes: 1536 * 1024 * 1024,
  graceMs: 500,
};

interface Pong {
  readonly type: 'pong';
  readonly n: number;
  readonly rssBytes: number;
}

export interface SupervisedOptions<Message extends { readonly type: string }> {
  readonly program: URL;
  /** As for `startProcess`. */
  readonly isLive: boolean;
  readonly schema: z.ZodType<Message | Pong>;
  readonly supervision: Supervision;
  readonly onMessage: (message: Message) => void;
}

/** A process that answers pings, keeps to its memory, and speaks the schema, or is killed. */
export class SupervisedProcess<Message extends { readonly type: string }> {
  readonly #process: StreamProcess;
  readonly #options: SupervisedOptions<Message>;
  readonly #ended = Promise.withResolvers<StreamAnonymizerError>();
  #pings: NodeJS.Timeout | undefined;
  #cause: StreamAnonymizerError | undefined;
  #missed = 0;
  #sent = 0;

  constructor(options: SupervisedOptions<Message>) {
    this.#options = options;
    this.#process = startProcess(options.program, options);
    const { child } = this.#process;
    child.on('message', this.#onMessage);
    child.on('error', (cause) => {
      this.#blame('start-failed', 'the process could not be started', cause);
      if (child.pid === undefined) this.#end();
    });
    child.once('exit', (code, signal) => {
      const how = signal ? `signal ${signal}` : `exit code ${String(code)}`;
      const said = this.#process.outputTail().trim();
      this.#blame('crashed', `the process ended by itself: ${how}${said ? `; ${said}` : ''}`);
      this.#end();
    });
  }

  get pid(): number | undefined {
    return this.#process.child.pid;
  }

  /** Resolves when the process is gone, with the first thing that is known of why. */
  get ended(): Promise<StreamAnonymizerError> {
    return this.#ended.promise;
  }

  /** It has started: from now on it must answer. */
  watch(): void {
    this.#pings ??= setInterval(this.#ping, this.#options.supervision.pingEveryMs);
  }

  send(message: object): void {
    // Where it can't be delivered the process is gone, and its end says why.
    const { child } = this.#process;
    if (child.connected) child.send(message, () => undefined);
  }

  /** Notes why it will end, unless that is known already. */
  fail(reason: StreamAnonymizerErrorReason, message: string): void {
    this.#blame(reason, message);
    this.#process.child.kill('SIGKILL');
  }

  /** Ends it: SIGTERM, then SIGKILL. Resolves when it is gone. Idempotent. */
  async close(): Promise<void> {
    const { child } = this.#process;
    this.#blame('aborted', 'it was closed');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#options.supervision.graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  #blame(reason: StreamAnonymizerErrorReason, message: string, cause?: unknown): void {
    this.#cause ??= new StreamAnonymizerError(reason, message, { cause });
  }

  #end(): void {
    clearInterval(this.#pings);
    this.#ended.resolve(this.#cause ?? new StreamAnonymizerError('crashed', 'the process is gone'));
  }

  readonly #onMessage = (raw: unknown): void => {
    const parsed = this.#options.schema.safeParse(raw);
    if (!parsed.success) {
      this.fail('bad-message', `it sent what is no message: ${parsed.error.message}`);
    } else if (isPong(parsed.data)) this.#hearPong(parsed.data);
    else this.#options.onMessage(parsed.data);
  };

  #hearPong({ rssBytes }: Pong): void {
    this.#missed = 0;
    const { maxMemoryBytes } = this.#options.supervision;
    if (rssBytes <= maxMemoryBytes) return;
    const mib = (bytes: number): number => Math.round(bytes / 1024 / 1024);
    this.fail('out-of-memory', `it took ${mib(rssBytes)} MiB of ${mib(maxMemoryBytes)} MiB`);
  }

  readonly #ping = (): void => {
    const { maxMissed, pingEveryMs } = this.#options.supervision;
    if (this.#missed >= maxMissed) {
      this.fail('hung', `it has not answered for ${(maxMissed * pingEveryMs) / 1000} s`);
      return;
    }
    this.#missed += 1;
    this.#sent += 1;
    this.send({ type: 'ping', n: this.#sent });
  };
}

function isPong(message: { readonly type: string }): message is Pong {
  return message.type === 'pong';
}
