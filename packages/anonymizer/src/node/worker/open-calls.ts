import type { Arena } from './arena.ts';
import type { Whole } from './assemblies.ts';
import type { WorkerErrorReason } from './errors.ts';
import { RemoteError } from './errors.ts';
import type { Call, CallError, Progress, WireMessage } from './messages.ts';
import { MessageError } from './parse-message.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { PendingCall } from './pending-call.ts';

interface Open {
  readonly call: PendingCall;
  readonly slot: number | undefined;
  /** Runs once the caller gave up: the worker is given that long to answer all the same. */
  grace: NodeJS.Timeout | undefined;
}

export interface OpenCallsOptions {
  readonly writer: PacketWriter;
  readonly arena: Arena | undefined;
  /** Calls under way at once, as the worker said in its hello. */
  readonly maxInFlight: number;
  /** How long a cancelled call may go on before its worker counts as hung. */
  readonly cancelGraceMs: number;
  readonly onHung: (call: PendingCall) => void;
}

/**
 * Our calls that the worker has and has not answered. Each is answered exactly once, also where
 * the caller gave up: until then it keeps its number and its slot.
 */
export class OpenCalls {
  readonly #options: OpenCallsOptions;
  readonly #open = new Map<number, Open>();
  #lastId = 0;
  #givenUp = 0;

  constructor(options: OpenCallsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * No room either while a call that was given up on is unanswered: where it turns out that its
   * worker hangs, those that were sent after it would be lost with it.
   */
  get hasRoom(): boolean {
    const { maxInFlight, writer } = this.#options;
    return this.#givenUp === 0 && this.#open.size < maxInFlight && writer.hasRoom;
  }

  /** Sends it. Throws what `PacketWriter.send` throws; the call is then not open. */
  start(call: PendingCall): void {
    const { writer, arena } = this.#options;
    const id = ++this.#lastId;
    const parts = call.payload;
    const sizeBytes = parts.reduce((sum, part) => sum + part.length, 0);
    const slot = sizeBytes > 0 ? arena?.acquire() : undefined;
    const shared = slot !== undefined && arena?.write(slot, parts) === true;
    if (slot !== undefined && !shared) arena?.release(slot);
    const message: Call = {
      t: 'call',
      id,
      method: call.method,
      key: call.options.key ?? null,
      order: call.options.order === 'serial' ? 'serial' : 'none',
      timeoutMs: call.remainingMs,
      args: call.options.args ?? null,
      ...(shared ? { slot: [slot, sizeBytes] as const } : {}),
    };
    try {
      writer.send(message, shared ? undefined : Buffer.concat(parts));
    } catch (error) {
      if (shared) arena.release(slot);
      throw error;
    }
    call.dropPayload();
    this.#open.set(id, { call, slot: shared ? slot : undefined, grace: undefined });
    call.onGiveUp = () => {
      this.#giveUp(id);
    };
  }

  /** Throws MessageError for an answer to no open call: answered twice, or never asked. */
  result(whole: Whole): void {
    const { message } = whole;
    const open = this.#take(message.id);
    try {
      if (!open.call.settled) {
        const payload = message.slot ? this.#fromSlot(open, message.slot) : whole.payload;
        open.call.resolve({ value: message.t === 'result' ? message.value : null, payload });
      }
    } catch (cause) {
      // It is struck off already: nobody else would tell its caller.
      const detail = cause instanceof Error ? cause.message : 'its answer could not be read';
      open.call.reject('protocol-violation', { detail, cause });
      throw cause;
    } finally {
      this.#giveBack(open);
    }
  }

  error(message: CallError): void {
    const open = this.#take(message.id);
    this.#giveBack(open);
    const cause = new RemoteError(message.type, message.message, message.trace);
    open.call.reject(message.reason, { detail: message.message.slice(0, 500), cause });
  }

  /** Progress of a call that was just settled is late, not wrong. */
  progress(message: Progress): void {
    const open = this.#open.get(message.id);
    if (!open && message.id > this.#lastId) throw new MessageError('progress of no call');
    if (!open || open.call.settled) return;
    try {
      open.call.options.onProgress?.(message.value);
    } catch {
      // A listener that throws must not take the stream down.
    }
  }

  /** Whether a part may belong to one of them. */
  has(id: number): boolean {
    return this.#open.has(id);
  }

  /** The connection is over: all that is open ends with `reason`. */
  failAll(reason: WorkerErrorReason, facts: { detail?: string; cause?: unknown }): void {
    for (const open of this.#open.values()) {
      clearTimeout(open.grace);
      open.call.reject(reason, facts);
    }
    this.#open.clear();
  }

  #fromSlot(open: Open, [slot, sizeBytes]: readonly [number, number]): Uint8Array {
    const { arena } = this.#options;
    if (!arena || slot !== open.slot || sizeBytes > arena.capacityBytes) {
      throw new MessageError('an answer in a slot that is not its call’s');
    }
    return arena.read(slot, sizeBytes, open.call.options.replyInto);
  }

  #take(id: number): Open {
    const open = this.#open.get(id);
    if (!open) {
      throw new MessageError(
        id <= this.#lastId
          ? `call ${id} was answered twice`
          : `an answer to call ${id}, never made`,
      );
    }
    this.#open.delete(id);
    if (open.grace) this.#givenUp -= 1;
    clearTimeout(open.grace);
    return open;
  }

  #giveBack(open: Open): void {
    if (open.slot !== undefined) this.#options.arena?.release(open.slot);
  }

  #giveUp(id: number): void {
    const open = this.#open.get(id);
    if (!open) return;
    const cancel: WireMessage = { t: 'cancel', id };
    this.#options.writer.send(cancel);
    this.#givenUp += 1;
    open.grace = setTimeout(() => {
      this.#options.onHung(open.call);
    }, this.#options.cancelGraceMs);
  }
}
