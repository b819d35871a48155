import { decodeHead, FramingError, readPrefix, type Packet } from './framing.ts';
import { DEFAULT_LIMITS, MAGIC, PREFIX_BYTES, type Limits } from './limits.ts';

const NOTHING = new Uint8Array(0);
const magicBytes = Buffer.alloc(4);
magicBytes.writeUInt32LE(MAGIC);

/**
 * Cuts a byte stream into packets, however it was split on the way. It holds at most one
 * unfinished packet, which is bounded by the caps. After it threw it must not be used again.
 */
export class PacketParser {
  readonly #limits: Limits;
  /** Bytes that do not make a whole head yet. */
  #rest: Buffer = Buffer.alloc(0);
  #open: { header: unknown; payload: Buffer; filledBytes: number } | undefined;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** True where the stream may end without cutting a packet. */
  get atBoundary(): boolean {
    return this.#rest.length === 0 && this.#open === undefined;
  }

  /** Yields the packets that `chunk` completes. Throws FramingError. */
  *push(chunk: Buffer): Generator<Packet, void, undefined> {
    let left = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (this.#open) {
        const { header, payload, filledBytes } = this.#open;
        const takenBytes = left.copy(payload, filledBytes);
        left = left.subarray(takenBytes);
        this.#open.filledBytes += takenBytes;
        if (this.#open.filledBytes < payload.length) break;
        this.#open = undefined;
        // Cleared before the yield: a consumer that stops here leaves a sound parser.
        this.#rest = left;
        yield { header, payload };
      }
      const sizes = this.#sizes(left);
      if (!sizes || left.length < sizes.headBytes) break;
      const header = decodeHead(left.subarray(0, sizes.headBytes));
      left = left.subarray(sizes.headBytes);
      if (sizes.payloadBytes === 0) {
        this.#rest = left;
        yield { header, payload: NOTHING };
      } else {
        const payload = Buffer.allocUnsafeSlow(sizes.payloadBytes);
        this.#open = { header, payload, filledBytes: 0 };
      }
    }
    // A copy: the chunk it came in is 64 KiB and would be kept alive by a few bytes.
    this.#rest = left.length === 0 ? NO_BYTES : Buffer.from(left);
  }

  #sizes(left: Buffer): { headBytes: number; payloadBytes: number } | undefined {
    if (left.length >= PREFIX_BYTES) return readPrefix(left, this.#limits);
    // Garbage is found at its first byte, not after it made sixteen.
    const seen = Math.min(4, left.length);
    if (!left.subarray(0, seen).equals(magicBytes.subarray(0, seen))) {
      throw new FramingError('desync', 'no packet starts here');
    }
    return undefined;
  }
}

const NO_BYTES = Buffer.alloc(0);
