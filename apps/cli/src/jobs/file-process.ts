import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { FileJob, FileProgress } from '@drape/anonymizer/node';
import { JobError } from '../failure.ts';
import { explainDeath } from './death.ts';
import type { Death } from './death.ts';
import type { FromWorker, Outcome, ToWorker } from './messages.ts';
import { removePartials } from './partials.ts';

export interface ProcessOptions {
  /** The program of the process; tests put one here that crashes or hangs. */
  readonly workerFile: string;
  /** How long it may clean up after `stop` before it is killed. */
  readonly graceMs: number;
  /** How long it may be silent over a job before it counts as hung. It sends something every 5 s. */
  readonly silenceMs: number;
}

export interface JobHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FileProgress) => void;
}

interface Running {
  readonly hooks: JobHooks;
  readonly settled: PromiseWithResolvers<Outcome>;
}

/** Most of the output of native libraries that is kept, in characters. */
const OUTPUT_TAIL = 4096;

/** A process that takes one file after the other. Whoever makes it closes it. */
export class FileProcess {
  readonly #child: ChildProcess;
  readonly #options: ProcessOptions;
  readonly #closed = Promise.withResolvers<undefined>();
  #running: Running | undefined;
  #death: Death = { outputTail: '' };
  #isAlive = true;
  #killTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
    const child = fork(options.workerFile, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', this.#onOutput);
    child.on('message', this.#onMessage);
    child.on('error', (startError) => {
      this.#death.startError ??= startError;
      if (child.pid === undefined) this.#onClose();
    });
    child.once('close', (code, signal) => {
      this.#death = { ...this.#death, code, signal };
      this.#onClose();
    });
  }

  /** False once the process is gone: the next file needs another. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /**
   * Runs one job. Whatever ends it, its unfinished output is gone when this settles.
   *
   * @throws JobError with the worker's own failure, or `process-died`, `stalled`, `stopped`
   */
  async run(job: FileJob, hooks: JobHooks): Promise<Outcome> {
    const settled = Promise.withResolvers<Outcome>();
    this.#running = { hooks, settled };
    this.#silenceTimer = setTimeout(this.#onSilence, this.#options.silenceMs);
    hooks.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (hooks.signal.aborted) this.#onAbort();
    this.#send({ type: 'job', job });
    try {
      return await settled.promise;
    } catch (error) {
      if (this.#child.pid !== undefined) await removePartials(job.output, this.#child.pid);
      throw error;
    } finally {
      hooks.signal.removeEventListener('abort', this.#onAbort);
      clearTimeout(this.#silenceTimer);
      clearTimeout(this.#killTimer);
      this.#running = undefined;
    }
  }

  /** Ends the process and waits for it. Idempotent. */
  async close(): Promise<void> {
    // Not disconnect(): after it Node never emits `close`.
    this.#send({ type: 'end' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#options.graceMs);
    await this.#closed.promise;
    clearTimeout(timer);
  }

  #send(message: ToWorker): void {
    // Where it can't be delivered the process is gone, and its end says why.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  readonly #onOutput = (text: Buffer): void => {
    this.#death.outputTail = (this.#death.outputTail + text.toString()).slice(-OUTPUT_TAIL);
  };

  readonly #onMessage = (message: FromWorker): void => {
    this.#silenceTimer?.refresh();
    const running = this.#running;
    if (!running) return;
    if (message.type === 'progress') running.hooks.onProgress(message.progress);
    else if (message.type === 'done') running.settled.resolve(message.outcome);
    else if (message.type === 'failed') {
      running.settled.reject(
        running.hooks.signal.aborted ? stopped() : new JobError(message.failure),
      );
    }
  };

  readonly #onAbort = (): void => {
    this.#send({ type: 'stop' });
    this.#killTimer ??= setTimeout(() => this.#child.kill('SIGKILL'), this.#options.graceMs);
  };

  readonly #onSilence = (): void => {
    this.#death.isStalled = true;
    this.#child.kill('SIGKILL');
  };

  #onClose(): void {
    this.#isAlive = false;
    const running = this.#running;
    running?.settled.reject(running.hooks.signal.aborted ? stopped() : explainDeath(this.#death));
    this.#closed.resolve(undefined);
  }
}

function stopped(): JobError {
  return new JobError({ reason: 'stopped', message: 'stopped before it was complete' });
}
