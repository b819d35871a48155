import { deflateRawSync, inflateRawSync } from 'node:zlib';

const MIN_BYTES = 4096;
const SAMPLE_BYTES = 16 * 1024;
/** Level 1 costs about 10 ms a megabyte: it must save at least this share to be worth it. */
const MAX_RATIO = 0.7;

/** The deflated bytes (RFC 1951); undefined where a sample says that it does not pay. */
export function deflate(data: Uint8Array): Uint8Array | undefined {
  if (data.length < MIN_BYTES) return undefined;
  const sample = data.subarray(0, SAMPLE_BYTES);
  if (deflateRawSync(sample, { level: 1 }).length > MAX_RATIO * sample.length) return undefined;
  const packed = deflateRawSync(data, { level: 1 });
  return packed.length < data.length ? packed : undefined;
}

/** Exactly `sizeBytes` bytes, or RangeError: a lie about the size allocates nothing more. */
export function inflate(data: Uint8Array, sizeBytes: number): Uint8Array {
  let out: Uint8Array;
  try {
    out = inflateRawSync(data, { maxOutputLength: sizeBytes });
  } catch (cause) {
    throw new RangeError('the payload does not inflate to the size it announced', { cause });
  }
  if (out.length === sizeBytes) return out;
  throw new RangeError('the payload does not inflate to the size it announced');
}
