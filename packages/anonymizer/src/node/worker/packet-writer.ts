import type { Writable } from 'node:stream';
import { deflate } from './deflate.ts';
import { encodeHead, FramingError } from './framing.ts';
import type { Limits } from './limits.ts';
import type { WireMessage } from './messages.ts';

/** Writes messages to a stream; large payloads in parts. */
export class PacketWriter {
  readonly #output: Writable;
  readonly #limits: Limits;
  readonly #deflate: boolean;

  constructor(output: Writable, limits: Limits, options: { readonly deflate: boolean }) {
    this.#output = output;
    this.#limits = limits;
    this.#deflate = options.deflate;
  }

  /** False while the other side does not read as fast as we write. */
  get hasRoom(): boolean {
    return this.#output.writable && !this.#output.writableNeedDrain;
  }

  /**
   * Nothing is written where it throws a FramingError (above a cap) or what msgpack throws (a
   * value of no wire type), nor on a closed stream: its owner tells whoever waits. The stream
   * keeps `payload` until it is flushed: pass a copy.
   */
  send(message: WireMessage, payload?: Uint8Array): void {
    if (!this.#output.writable) return;
    if (payload === undefined || payload.length === 0) {
      this.#output.write(encodeHead(message, 0, this.#limits));
      return;
    }
    const { maxChunkBytes, maxPayloadBytes } = this.#limits;
    if (payload.length > maxPayloadBytes) {
      throw new FramingError('payload-too-large', `${payload.length} bytes`);
    }
    if (message.t !== 'call' && message.t !== 'result') {
      throw new TypeError(`a ${message.t} carries no payload`);
    }
    const { t: of, id } = message;
    let header: WireMessage =
      payload.length > maxChunkBytes ? { ...message, totalBytes: payload.length } : message;
    this.#output.cork();
    try {
      for (let start = 0; start < payload.length; start += maxChunkBytes) {
        this.#chunk(header, payload.subarray(start, start + maxChunkBytes));
        header = { t: 'part', of, id };
      }
    } finally {
      this.#output.uncork();
    }
  }

  #chunk(header: WireMessage, chunk: Uint8Array): void {
    const packed = this.#deflate ? deflate(chunk) : undefined;
    const sent = packed ?? chunk;
    const full = packed ? { ...header, inflatedBytes: chunk.length } : header;
    this.#output.write(encodeHead(full, sent.length, this.#limits));
    this.#output.write(sent);
  }
}
