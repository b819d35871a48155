import type { OrderedPacket } from '../../../src/anonymizer/rtp/reorder-buffer.ts';

/** A NAL unit without emulated start codes. `first`: a slice that begins its picture. */
export function nal(
  type: number,
  sizeBytes: number,
  options: { first?: boolean } = {},
): Uint8Array {
  const bytes = Uint8Array.from({ length: sizeBytes }, (_, at) => 3 + ((at * 7) % 200));
  bytes[0] = 0x60 | type;
  if (sizeBytes > 1) bytes[1] = options.first === false ? 0x40 : 0x80;
  return bytes;
}

export function annexB(...nals: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(nals.flatMap((one) => [0, 0, 0, 1, ...one]));
}

/** The packets of one picture, in order, without the one numbered `lose`. */
export function ordered(
  payloads: readonly Uint8Array[],
  options: { readonly timestamp?: number; readonly lose?: number } = {},
): OrderedPacket[] {
  const { timestamp = 0, lose } = options;
  return payloads
    .map((payload, index) => ({
      payload,
      sequence: index,
      timestamp,
      marker: index === payloads.length - 1,
      arrivalMs: 0,
      afterGap: lose !== undefined && index === lose + 1,
    }))
    .filter((_, index) => index !== lose);
}
