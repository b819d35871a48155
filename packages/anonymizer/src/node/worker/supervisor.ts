import { Backoff } from './backoff.ts';
import { WorkerError, type WorkerErrorReason } from './errors.ts';
import type { Hello, LogLevel, WireMap } from './messages.ts';
import type { PendingCall } from './pending-call.ts';
import { quietly, type WorkerLogger } from './worker-log.ts';
import { openWorker } from './open-worker.ts';
import type { WorkerProcess } from './worker-process.ts';
import { boundsOf, type WorkerBounds, type WorkerSpec } from './worker-spec.ts';

/** Starting again would not help: somebody has to do something first. */
const LASTING: ReadonlySet<WorkerErrorReason> = new Set<WorkerErrorReason>([
  'python-missing',
  'package-missing',
  'model-missing',
  'model-corrupt',
  'version-mismatch',
]);

type Phase =
  | { readonly at: 'idle' }
  | { readonly at: 'starting' }
  | { readonly at: 'ready'; readonly worker: WorkerProcess; readonly sinceMs: number }
  /** Waits before the next start; queued calls wait with it. */
  | { readonly at: 'pausing'; readonly timer: NodeJS.Timeout }
  /** The circuit is open: calls are rejected at once. */
  | { readonly at: 'open'; readonly timer: NodeJS.Timeout }
  | { readonly at: 'closed' };

/**
 * Keeps one worker alive: starts it when it is needed, again after it failed, and afresh when it
 * has grown old. Calls wait in its queue, in order, until the worker has room.
 */
export class Supervisor {
  readonly name: string;
  readonly #spec: WorkerSpec;
  readonly #bounds: WorkerBounds;
  readonly #backoff: Backoff;
  readonly #logger: WorkerLogger;
  #queue: PendingCall[] = [];
  #phase: Phase = { at: 'idle' };
  /** Set while a successor is started; `next` is there once it is ready to take over. */
  #replacing: { next: WorkerProcess | undefined } | undefined;
  #lastError: WorkerError | undefined;
  #waiters: PromiseWithResolvers<Hello>[] = [];
  #callsOfWorker = 0;
  #starts = 0;
  readonly #leaving = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(spec: WorkerSpec, name: string) {
    this.#spec = spec;
    this.name = name;
    this.#bounds = boundsOf(spec);
    this.#backoff = new Backoff(this.#bounds);
    this.#logger = quietly(spec.onLog);
  }

  /** Calls queued and under way. */
  get load(): number {
    return this.#queue.length + (this.#phase.at === 'ready' ? this.#phase.worker.link.inFlight : 0);
  }

  get isReady(): boolean {
    return this.#phase.at === 'ready';
  }

  /** Processes that were started so far. */
  get starts(): number {
    return this.#starts;
  }

  get pid(): number | undefined {
    return this.#phase.at === 'ready' ? this.#phase.worker.pid : undefined;
  }

  /** Resolves when a worker is there; rejects where a start fails. */
  ready(): Promise<Hello> {
    if (this.#phase.at === 'ready') return Promise.resolve(this.#phase.worker.link.hello);
    const refusal = this.#refusal();
    if (refusal) return Promise.reject(refusal);
    const waiter = Promise.withResolvers<Hello>();
    this.#waiters.push(waiter);
    if (this.#phase.at === 'idle') this.#start();
    return waiter.promise;
  }

  /** Takes a call: to the worker at once where it has room, else to the queue. */
  enqueue(call: PendingCall): void {
    const refusal = this.#refusal();
    if (refusal) {
      call.reject(refusal.reason, { cause: refusal.cause });
      return;
    }
    if (this.#queue.length >= this.#bounds.maxQueued) {
      call.reject('overloaded', { detail: `${this.#queue.length} calls wait already` });
      return;
    }
    this.#queue.push(call);
    call.onGiveUp = () => {
      this.#queue = this.#queue.filter((other) => other !== call);
    };
    if (this.#phase.at === 'idle') this.#start();
    this.#pump();
    if (this.#queue.includes(call)) call.keepPayload();
  }

  /** Idempotent. Rejects what is queued and under way; resolves when no process is left. */
  async close(): Promise<void> {
    const phase = this.#phase;
    this.#phase = { at: 'closed' };
    this.#closing.abort();
    if (phase.at === 'pausing' || phase.at === 'open') clearTimeout(phase.timer);
    this.#rejectQueue('closed');
    this.#tellWaiters(new WorkerError('closed', { worker: this.name }));
    if (phase.at === 'ready') this.#leave(phase.worker);
    if (this.#replacing?.next) this.#leave(this.#replacing.next);
    this.#replacing = undefined;
    while (this.#leaving.size > 0) await Promise.all(this.#leaving);
  }

  #refusal(): WorkerError | undefined {
    if (this.#phase.at === 'closed') return new WorkerError('closed', { worker: this.name });
    if (this.#phase.at !== 'open') return undefined;
    const last = this.#lastError;
    const reason = last && LASTING.has(last.reason) ? last.reason : 'circuit-open';
    return new WorkerError(reason, { worker: this.name, cause: last });
  }

  #pump(): void {
    if (this.#phase.at !== 'ready') return;
    const { link } = this.#phase.worker;
    const next = this.#replacing?.next;
    if (next) {
      // Nothing new for the old one; per-key order needs it to be empty before the new one.
      if (link.inFlight === 0) this.#takeOver(next);
      return;
    }
    while (link.hasRoom) {
      const call = this.#queue.shift();
      if (!call) break;
      if (call.settled) continue;
      this.#callsOfWorker += 1;
      link.start(call);
    }
    if (this.#callsOfWorker >= this.#bounds.recycleAfterCalls) this.#replace('calls');
  }

  #start(): void {
    this.#phase = { at: 'starting' };
    this.#track(
      this.#spawn().then(
        (worker) => {
          if (this.#phase.at === 'closed') this.#leave(worker);
          else this.#becomeReady(worker);
        },
        (error: unknown) => {
          this.#failed(this.#asWorkerError(error), 0);
        },
      ),
    );
  }

  #spawn(): Promise<WorkerProcess> {
    this.#starts += 1;
    const name = `${this.name}.${this.#starts}`;
    let own: WorkerProcess | undefined;
    return openWorker(this.#spec, name, {
      signal: this.#closing.signal,
      onRoom: () => {
        // Answered at least one call: what failed before was not a worker that can't work.
        this.#backoff.worked();
        this.#pump();
      },
      onMemory: (rssBytes) => {
        const serving = this.#phase.at === 'ready' && this.#phase.worker === own;
        if (serving && rssBytes > this.#bounds.recycleAboveBytes) this.#replace('memory');
      },
    }).then((worker) => {
      own = worker;
      return worker;
    });
  }

  #becomeReady(worker: WorkerProcess): void {
    this.#phase = { at: 'ready', worker, sinceMs: performance.now() };
    this.#callsOfWorker = 0;
    const { hello } = worker.link;
    this.#say('info', 'worker ready', { pid: worker.pid, python: hello.python });
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(hello);
    void worker.link.ended.then((error) => {
      this.#track(worker.stop());
      if (this.#phase.at !== 'ready' || this.#phase.worker !== worker) return;
      const livedMs = performance.now() - this.#phase.sinceMs;
      this.#phase = { at: 'idle' };
      this.#failed(error, livedMs);
    });
    this.#pump();
  }

  #failed(error: WorkerError, livedMs: number): void {
    if (this.#phase.at === 'closed') return;
    this.#lastError = error;
    const lasting = LASTING.has(error.reason);
    const pauseMs = lasting ? this.#bounds.circuitOpenMs : this.#backoff.failed(livedMs);
    const isOpen = lasting || this.#backoff.isOpen;
    this.#say('warn', 'worker failed', { reason: error.reason, pauseMs, circuitOpen: isOpen });
    const timer = setTimeout(() => {
      this.#phase = { at: 'idle' };
      // After an open circuit somebody must ask first; else the next call finds it warm.
      if (!isOpen || this.#queue.length > 0) this.#start();
    }, pauseMs);
    timer.unref();
    this.#phase = { at: isOpen ? 'open' : 'pausing', timer };
    this.#tellWaiters(error);
    if (isOpen) this.#rejectQueue(lasting ? error.reason : 'circuit-open', error);
  }

  /** Starts a successor while the worker goes on, then lets it take over. */
  #replace(cause: string): void {
    if (this.#replacing || this.#phase.at !== 'ready') return;
    const replacing: { next: WorkerProcess | undefined } = { next: undefined };
    this.#replacing = replacing;
    this.#say('info', 'worker is replaced', { cause, calls: this.#callsOfWorker });
    this.#track(
      this.#spawn().then(
        (next) => {
          if (this.#replacing !== replacing) this.#leave(next);
          else if (this.#phase.at === 'ready') {
            replacing.next = next;
            this.#pump();
          } else this.#takeOver(next);
        },
        (error: unknown) => {
          this.#replacing = undefined;
          // It goes on with the one it has, and tries again as many calls later.
          this.#callsOfWorker = 0;
          this.#say('warn', 'successor failed', { reason: this.#asWorkerError(error).reason });
        },
      ),
    );
  }

  #takeOver(next: WorkerProcess): void {
    const phase = this.#phase;
    this.#replacing = undefined;
    if (phase.at === 'pausing' || phase.at === 'open') clearTimeout(phase.timer);
    if (phase.at === 'starting' || phase.at === 'closed' || next.link.error) {
      this.#leave(next);
      // The old one goes on where it is still there; not at once to the next replacement.
      this.#callsOfWorker = 0;
      this.#pump();
      return;
    }
    if (phase.at === 'ready') this.#leave(phase.worker);
    this.#becomeReady(next);
  }

  #leave(worker: WorkerProcess): void {
    this.#track(worker.stop());
  }

  #track(work: Promise<void>): void {
    this.#leaving.add(work);
    void work.finally(() => this.#leaving.delete(work));
  }

  #rejectQueue(reason: WorkerErrorReason, cause?: unknown): void {
    for (const call of this.#queue.splice(0)) call.reject(reason, { cause });
  }

  #tellWaiters(error: WorkerError): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }

  #asWorkerError(error: unknown): WorkerError {
    if (error instanceof WorkerError) return error;
    return new WorkerError('start-failed', { worker: this.name, cause: error });
  }

  #say(level: LogLevel, message: string, fields: WireMap): void {
    this.#logger({ worker: this.name, source: 'host', level, message, fields });
  }
}
