import type { Whole } from './assemblies.ts';
import type { Call, CallErrorReason, WireValue } from './messages.ts';
import type { PacketWriter } from './packet-writer.ts';

/** A method that a worker may call here. `signal` fires when the worker gave up or is gone. */
export type HostMethod = (
  args: WireValue,
  context: { readonly payload: Uint8Array | undefined; readonly signal: AbortSignal },
) => Promise<HostReply> | HostReply;

export interface HostReply {
  readonly value: WireValue;
  readonly payload?: Uint8Array;
}

export type HostMethods = Readonly<Record<string, HostMethod>>;

/** Calls from the worker: bounded in number, each answered exactly once. */
export class IncomingCalls {
  readonly #writer: PacketWriter;
  readonly #methods: HostMethods;
  readonly #maxInFlight: number;
  readonly #open = new Map<number, AbortController>();

  constructor(writer: PacketWriter, methods: HostMethods, maxInFlight: number) {
    this.#writer = writer;
    this.#methods = methods;
    this.#maxInFlight = maxInFlight;
  }

  has(id: number): boolean {
    return this.#open.has(id);
  }

  start(call: Call, payload: Whole['payload']): void {
    if (this.#open.size >= this.#maxInFlight) {
      this.#fail(call.id, 'overloaded', `at most ${this.#maxInFlight} calls at once`);
      return;
    }
    const method = Object.hasOwn(this.#methods, call.method)
      ? this.#methods[call.method]
      : undefined;
    if (!method) {
      this.#fail(call.id, 'unknown-method', call.method);
      return;
    }
    const gone = new AbortController();
    this.#open.set(call.id, gone);
    const signal =
      call.timeoutMs === null
        ? gone.signal
        : AbortSignal.any([gone.signal, AbortSignal.timeout(call.timeoutMs)]);
    void this.#run(call, method, { payload, signal, gone: gone.signal });
  }

  cancel(id: number): void {
    this.#open.get(id)?.abort();
  }

  /** The worker is gone: methods are told, answers go nowhere. */
  abortAll(): void {
    for (const gone of this.#open.values()) gone.abort();
    this.#open.clear();
  }

  async #run(
    call: Call,
    method: HostMethod,
    about: { payload: Uint8Array | undefined; signal: AbortSignal; gone: AbortSignal },
  ): Promise<void> {
    const { payload, signal, gone } = about;
    try {
      const work = method(call.args, { payload, signal });
      const reply = await Promise.race([work, aborted(signal)]);
      if (!this.#open.delete(call.id)) return;
      this.#writer.send({ t: 'result', id: call.id, value: reply.value }, reply.payload);
    } catch (error) {
      this.#open.delete(call.id);
      const late = signal.aborted ? 'deadline' : 'method-failed';
      const reason = gone.aborted ? 'cancelled' : late;
      this.#fail(call.id, reason, error instanceof Error ? error.message : 'it threw no Error');
    }
  }

  #fail(id: number, reason: CallErrorReason, message: string): void {
    const short = message.slice(0, 1000);
    this.#writer.send({ t: 'error', id, reason, type: 'HostError', message: short, trace: '' });
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => {
      reject(new Error('the worker gave up'));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
