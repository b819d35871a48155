import { inflate } from './deflate.ts';
import type { Limits } from './limits.ts';
import type { Call, Part, Result } from './messages.ts';
import { MessageError } from './parse-message.ts';

/** A call or an answer with its bytes; undefined where it has none. */
export interface Whole {
  readonly message: Call | Result;
  readonly payload: Uint8Array | undefined;
}

/** Payloads that come in several packets, by the message that they belong to. */
export class Assemblies {
  readonly #limits: Limits;
  readonly #open = new Map<string, { message: Call | Result; buffer: Buffer; filled: number }>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The whole message, or undefined where more of it is to come. Throws MessageError. */
  begin(message: Call | Result, payload: Uint8Array): Whole | undefined {
    const data = this.#bytes(message.inflatedBytes, payload);
    if (message.totalBytes === undefined) {
      return { message, payload: data.length > 0 ? data : undefined };
    }
    if (message.totalBytes > this.#limits.maxPayloadBytes) {
      throw new MessageError('totalBytes is above the cap of a payload');
    }
    const key = `${message.t} ${message.id}`;
    if (this.#open.has(key)) throw new MessageError('a message began twice');
    const buffer = Buffer.allocUnsafeSlow(message.totalBytes);
    this.#open.set(key, { message, buffer, filled: 0 });
    return this.#fill(key, data);
  }

  add(part: Part, payload: Uint8Array): Whole | undefined {
    return this.#fill(`${part.of} ${part.id}`, this.#bytes(part.inflatedBytes, payload));
  }

  #bytes(inflatedBytes: number | undefined, payload: Uint8Array): Uint8Array {
    if (inflatedBytes === undefined) return payload;
    if (inflatedBytes > this.#limits.maxChunkBytes) {
      throw new MessageError('inflatedBytes is above the cap of a packet');
    }
    try {
      return inflate(payload, inflatedBytes);
    } catch (cause) {
      throw new MessageError('the payload does not inflate to what it announced', { cause });
    }
  }

  #fill(key: string, data: Uint8Array): Whole | undefined {
    const open = this.#open.get(key);
    if (!open) throw new MessageError('a part of nothing');
    if (data.length === 0 || open.filled + data.length > open.buffer.length) {
      throw new MessageError('parts do not add up to totalBytes');
    }
    open.buffer.set(data, open.filled);
    open.filled += data.length;
    if (open.filled < open.buffer.length) return undefined;
    this.#open.delete(key);
    return { message: open.message, payload: open.buffer };
  }
}
