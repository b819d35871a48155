/** Bytes before the header: magic, header length, payload length, CRC-32. */
export const PREFIX_BYTES = 16;

/** Not text in any encoding of ASCII or UTF-8, so that a stray print never looks like a packet. */
export const MAGIC = 0x50_52_44_d7;

/** Versions of the protocol that this side speaks, best first. */
export const PROTOCOL_VERSIONS: readonly number[] = [1];

/** Caps that are checked before anything is allocated. */
export interface Limits {
  /** Largest msgpack header. Arguments and values travel in it. */
  readonly maxHeaderBytes: number;
  /** Largest payload in one packet; what is larger goes in parts. */
  readonly maxChunkBytes: number;
  /** Largest payload of one message, all parts together. 8192×8192 4:2:0 is 100,663,296. */
  readonly maxPayloadBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxHeaderBytes: 1 << 20,
  // A 1080p frame is one packet; pongs wait behind it for a few milliseconds.
  maxChunkBytes: 4 << 20,
  maxPayloadBytes: 128 << 20,
};
