import { crc32 } from 'node:zlib';
import { Decoder, Encoder } from '@msgpack/msgpack';
import { DEFAULT_LIMITS, MAGIC, PREFIX_BYTES, type Limits } from './limits.ts';

/** A packet as it came: the header is decoded but not yet checked. */
export interface Packet {
  readonly header: unknown;
  readonly payload: Uint8Array;
}

export type FramingErrorReason =
  /** Not the magic: something else wrote to the stream, or a length lied. */
  | 'desync'
  | 'header-too-large'
  | 'payload-too-large'
  /** The checksum over lengths and header does not fit. */
  | 'checksum'
  /** The header is not one msgpack value without extension types. */
  | 'bad-header';

/** The stream can't be read any further: after it no byte has a known meaning. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
  readonly reason: FramingErrorReason;

  constructor(reason: FramingErrorReason, detail: string, cause?: unknown) {
    super(`${reason}: ${detail}`, { cause });
    this.reason = reason;
  }
}

/** Extension types mean different things to different libraries: none is part of the protocol. */
const noExtensions = {
  tryToEncode: (): null => null,
  decode: (): never => {
    throw new RangeError('extension types are not allowed');
  },
};

const encoder = new Encoder({ extensionCodec: noExtensions, ignoreUndefined: true });
const decoder = new Decoder({
  extensionCodec: noExtensions,
  mapKeyConverter: (key) => {
    if (typeof key === 'string') return key;
    throw new RangeError('map keys are text');
  },
});

/**
 * Prefix and header of one packet, in one buffer; the payload follows it on the wire as it is.
 * Throws a FramingError where the header or the payload is above its cap.
 */
export function encodeHead(
  header: unknown,
  payloadBytes = 0,
  limits: Limits = DEFAULT_LIMITS,
): Buffer {
  const body = encoder.encodeSharedRef(header);
  if (body.length > limits.maxHeaderBytes) {
    throw new FramingError('header-too-large', `${body.length} bytes`);
  }
  if (payloadBytes > limits.maxChunkBytes) {
    throw new FramingError('payload-too-large', `${payloadBytes} bytes`);
  }
  const head = Buffer.allocUnsafe(PREFIX_BYTES + body.length);
  head.writeUInt32LE(MAGIC, 0);
  head.writeUInt32LE(body.length, 4);
  head.writeUInt32LE(payloadBytes, 8);
  head.set(body, PREFIX_BYTES);
  head.writeUInt32LE(checksum(head, PREFIX_BYTES + body.length), 12);
  return head;
}

/** Over the two lengths and the header. Payloads are not summed: 3 MB cost more than the copy. */
function checksum(head: Buffer, end: number): number {
  return crc32(head.subarray(PREFIX_BYTES, end), crc32(head.subarray(4, 12)));
}

/** Decodes a whole head; for the parser below and for tests. */
export function decodeHead(head: Buffer): unknown {
  if (head.readUInt32LE(12) !== checksum(head, head.length)) {
    throw new FramingError('checksum', 'lengths and header were changed on the way');
  }
  try {
    return decoder.decode(head.subarray(PREFIX_BYTES));
  } catch (cause) {
    throw new FramingError('bad-header', 'not one msgpack value', cause);
  }
}

/** Checks the prefix against the caps and tells how long head and payload are. */
export function readPrefix(
  prefix: Buffer,
  limits: Limits,
): { headBytes: number; payloadBytes: number } {
  if (prefix.readUInt32LE(0) !== MAGIC) {
    throw new FramingError('desync', 'no packet starts here');
  }
  const headerBytes = prefix.readUInt32LE(4);
  const payloadBytes = prefix.readUInt32LE(8);
  if (headerBytes > limits.maxHeaderBytes) {
    throw new FramingError('header-too-large', `announces ${headerBytes} bytes`);
  }
  if (payloadBytes > limits.maxChunkBytes) {
    throw new FramingError('payload-too-large', `announces ${payloadBytes} bytes`);
  }
  return { headBytes: PREFIX_BYTES + headerBytes, payloadBytes };
}
