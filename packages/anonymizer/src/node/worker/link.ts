import type { Readable, Writable } from 'node:stream';
import type { Arena } from './arena.ts';
import { Assemblies, type Whole } from './assemblies.ts';
import { WorkerError, type WorkerErrorReason } from './errors.ts';
import { FramingError } from './framing.ts';
import { Heartbeat } from './heartbeat.ts';
import { IncomingCalls, type HostMethods } from './incoming-calls.ts';
import type { Limits } from './limits.ts';
import type { Hello, WireMessage } from './messages.ts';
import { OpenCalls } from './open-calls.ts';
import { PacketParser } from './packet-parser.ts';
import { PacketWriter } from './packet-writer.ts';
import { MessageError, parseMessage } from './parse-message.ts';
import type { PendingCall } from './pending-call.ts';
import { RateBudget } from './rate-budget.ts';
import { quietly, type WorkerLogger } from './worker-log.ts';

export interface LinkOptions {
  /** What errors and logs call the worker. */
  readonly name: string;
  readonly input: Readable;
  readonly output: Writable;
  readonly arena?: Arena | undefined;
  readonly limits: Limits;
  readonly deflate: boolean;
  readonly heartbeatMs: number;
  readonly maxMissedHeartbeats: number;
  readonly cancelGraceMs: number;
  readonly maxNotificationsPerSecond: number;
  readonly maxIncomingCalls: number;
  readonly methods: HostMethods;
  readonly onLog?: WorkerLogger | undefined;
  readonly onMetrics?: ((values: Readonly<Record<string, number>>) => void) | undefined;
  readonly onMemory?: ((rssBytes: number) => void) | undefined;
  /** Room for another call: one was answered, or the stream has drained. */
  readonly onRoom?: (() => void) | undefined;
}

/**
 * One connection after its handshake. It owns neither the streams nor the process: who opened
 * them ends them once `ended` resolves.
 */
export class Link {
  readonly name: string;
  readonly hello: Hello;
  /** Resolves once, with the first cause, when the connection can't be used any more. */
  readonly ended: Promise<WorkerError>;
  readonly #options: LinkOptions;
  readonly #writer: PacketWriter;
  readonly #parser: PacketParser;
  readonly #calls: OpenCalls;
  readonly #incoming: IncomingCalls;
  readonly #heartbeat: Heartbeat;
  readonly #assemblies: Assemblies;
  readonly #notifications: RateBudget;
  readonly #log: WorkerLogger;
  readonly #end: (error: WorkerError) => void;
  #error: WorkerError | undefined;

  constructor(options: LinkOptions, opened: { hello: Hello; parser: PacketParser }) {
    this.name = options.name;
    this.#options = options;
    this.hello = opened.hello;
    this.#parser = opened.parser;
    this.#log = quietly(options.onLog);
    const { promise, resolve } = Promise.withResolvers<WorkerError>();
    this.ended = promise;
    this.#end = resolve;
    this.#writer = new PacketWriter(options.output, options.limits, options);
    this.#assemblies = new Assemblies(options.limits);
    this.#notifications = new RateBudget(options.maxNotificationsPerSecond);
    this.#calls = new OpenCalls({
      writer: this.#writer,
      arena: options.arena,
      maxInFlight: opened.hello.maxInFlight,
      cancelGraceMs: options.cancelGraceMs,
      onHung: (call) => {
        this.fail('hung', { detail: `call ${call.id} ${call.method} did not stop when cancelled` });
      },
    });
    this.#incoming = new IncomingCalls(this.#writer, options.methods, options.maxIncomingCalls);
    this.#heartbeat = new Heartbeat(this.#writer, {
      intervalMs: options.heartbeatMs,
      maxMissed: options.maxMissedHeartbeats,
      onHung: () => {
        this.fail('hung', { detail: 'heartbeats went unanswered' });
      },
      onMemory: (rssBytes) => options.onMemory?.(rssBytes),
    });
    options.output.on('drain', this.#onRoom);
  }

  get error(): WorkerError | undefined {
    return this.#error;
  }

  /** Calls that are not answered yet, those that their caller gave up on included. */
  get inFlight(): number {
    return this.#calls.size;
  }

  get hasRoom(): boolean {
    return this.#error === undefined && this.#calls.hasRoom;
  }

  /** Sends a call; only while `hasRoom`. A call that can't be sent is rejected, nobody else. */
  start(call: PendingCall): void {
    try {
      this.#calls.start(call);
    } catch (cause) {
      const oversized = cause instanceof FramingError;
      const detail = cause instanceof Error ? cause.message : 'it can not be encoded';
      call.reject(oversized ? 'oversized' : 'method-failed', { detail, cause });
    }
  }

  /** Bytes from the worker. */
  receive(chunk: Buffer): void {
    if (this.#error) return;
    try {
      for (const { header, payload } of this.#parser.push(chunk)) {
        this.#take(parseMessage(header), payload);
        if (this.#wasEnded()) return;
      }
    } catch (cause) {
      this.#broken(cause);
    }
  }

  /** The worker's end was closed. */
  inputEnded(facts: { exited: boolean; detail: string }): void {
    const where = this.#parser.atBoundary ? '' : ', in the middle of a message';
    this.fail(facts.exited ? 'exited' : 'stream-closed', { detail: facts.detail + where });
  }

  /** Asks the worker to answer what it has and to exit. */
  bye(): void {
    if (!this.#error) this.#writer.send({ t: 'bye' });
  }

  /** Ends the connection: the first cause wins, and every open call is told. */
  fail(reason: WorkerErrorReason, facts: { detail?: string; cause?: unknown } = {}): void {
    if (this.#error) return;
    this.#error = new WorkerError(reason, { worker: this.name, ...facts });
    this.#heartbeat.stop();
    this.#options.output.off('drain', this.#onRoom);
    this.#calls.failAll(reason, { ...facts, cause: facts.cause ?? this.#error });
    this.#incoming.abortAll();
    this.#end(this.#error);
  }

  readonly #onRoom = (): void => {
    this.#options.onRoom?.();
  };

  #wasEnded(): boolean {
    return this.#error !== undefined;
  }

  #broken(cause: unknown): void {
    const large = cause instanceof FramingError && cause.reason.endsWith('too-large');
    const known = cause instanceof FramingError || cause instanceof MessageError;
    this.fail(large ? 'oversized' : 'protocol-violation', {
      detail: known ? cause.message : 'an answer could not be taken',
      cause,
    });
  }

  #take(message: WireMessage, payload: Uint8Array): void {
    if (payload.length > 0 && !['call', 'result', 'part'].includes(message.t)) {
      throw new MessageError(`a ${message.t} with a payload`);
    }
    switch (message.t) {
      case 'result':
        // Before anything is kept for it: parts of answers to nothing are not collected.
        if (!this.#calls.has(message.id)) this.#calls.result({ message, payload });
        else this.#complete(this.#assemblies.begin(message, payload));
        return;
      case 'call':
        if (this.#incoming.has(message.id)) throw new MessageError('a call number is used twice');
        this.#complete(this.#assemblies.begin(message, payload));
        return;
      case 'part':
        this.#complete(this.#assemblies.add(message, payload));
        return;
      case 'error':
        this.#calls.error(message);
        this.#onRoom();
        return;
      case 'cancel':
        this.#incoming.cancel(message.id);
        return;
      case 'pong':
        if (!this.#heartbeat.pong(message.n, message.rssBytes)) {
          throw new MessageError('an answer to no ping');
        }
        return;
      case 'ping':
        this.#writer.send({ t: 'pong', n: message.n, rssBytes: process.memoryUsage.rss() });
        return;
      case 'progress':
        if (this.#mayNotify()) this.#calls.progress(message);
        return;
      case 'log':
        if (!this.#mayNotify()) return;
        this.#log({
          worker: this.name,
          source: 'method',
          level: message.level,
          message: message.message,
          fields: message.fields,
        });
        return;
      case 'metrics':
        if (this.#mayNotify()) this.#options.onMetrics?.(message.values);
        return;
      case 'hello':
      case 'welcome':
      case 'fatal':
      case 'bye':
        throw new MessageError(`a ${message.t} has no place here`);
    }
  }

  #mayNotify(): boolean {
    if (this.#notifications.take()) return true;
    const most = this.#options.maxNotificationsPerSecond;
    this.fail('flooding', { detail: `more than ${most} notifications a second` });
    return false;
  }

  #complete(whole: Whole | undefined): void {
    if (!whole) return;
    if (whole.message.t === 'call') {
      this.#incoming.start(whole.message, whole.payload);
      return;
    }
    this.#calls.result(whole);
    this.#onRoom();
  }
}
