import type { OrderedPacket } from './reorder-buffer.ts';

/** One coded picture, complete. */
export interface AccessUnit {
  /** Annex B for H.264, the bare frame for VP8. */
  readonly data: Uint8Array;
  readonly timestamp: number;
  readonly isKey: boolean;
  /** Something between this unit and the one before it is missing. */
  readonly lostBefore: boolean;
  /** When its last packet came. */
  readonly arrivalMs: number;
}

/** Joins packets, in order, to coded pictures. Incomplete pictures are left out. */
export interface Depacketizer {
  push(packet: OrderedPacket): AccessUnit[];
}

/** More than any picture up to 8192×8192 takes; beyond, it is dropped. */
export const MAX_UNIT_BYTES = 16 * 1024 * 1024;

export function joined(parts: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
