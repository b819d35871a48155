import { joined, MAX_UNIT_BYTES, type AccessUnit, type Depacketizer } from './access-unit.ts';
import type { OrderedPacket } from './reorder-buffer.ts';

interface Payload {
  /** First packet of the first partition, which is the first of the frame. */
  readonly isStart: boolean;
  readonly data: Uint8Array;
}

/** VP8 out of RTP (RFC 7741). */
export class Vp8Depacketizer implements Depacketizer {
  #parts: Uint8Array[] = [];
  #sizeBytes = 0;
  #timestamp: number | undefined;
  #isOpen = false;
  #lost = false;
  #arrivalMs = 0;

  push(packet: OrderedPacket): AccessUnit[] {
    const units: AccessUnit[] = [];
    if (packet.afterGap) {
      this.#drop();
      this.#lost = true;
    }
    if (packet.timestamp !== this.#timestamp) {
      // A marker is missing only where a packet is.
      if (this.#isOpen) this.#drop();
      this.#timestamp = packet.timestamp;
    }
    this.#arrivalMs = packet.arrivalMs;
    if (packet.payload.byteLength > 0) this.#add(packet.payload);
    if (packet.marker) this.#finish(units);
    return units;
  }

  #add(bytes: Uint8Array): void {
    const payload = parsePayload(bytes);
    // A frame has one start, and it comes first.
    if (payload && payload.isStart !== this.#isOpen) this.#append(payload);
    else this.#drop();
  }

  #append({ data }: Payload): void {
    this.#isOpen = true;
    this.#sizeBytes += data.byteLength;
    if (this.#sizeBytes > MAX_UNIT_BYTES) this.#drop();
    else this.#parts.push(data);
  }

  #drop(): void {
    this.#parts = [];
    this.#sizeBytes = 0;
    this.#isOpen = false;
    this.#lost = true;
  }

  #finish(units: AccessUnit[]): void {
    if (!this.#isOpen || this.#timestamp === undefined) return;
    const data = joined(this.#parts, this.#sizeBytes);
    units.push({
      data,
      timestamp: this.#timestamp,
      // RFC 6386 section 9.1: the first bit of a frame tag is 0 for key frames.
      isKey: ((data[0] ?? 1) & 1) === 0,
      lostBefore: this.#lost,
      arrivalMs: this.#arrivalMs,
    });
    this.#lost = false;
    this.#parts = [];
    this.#sizeBytes = 0;
    this.#isOpen = false;
  }
}

/** The payload descriptor of RFC 7741 section 4.2; undefined where it is cut off. */
function parsePayload(bytes: Uint8Array): Payload | undefined {
  const [first = 0, extensions = 0] = bytes;
  let at = 1;
  if ((first & 0x80) !== 0) {
    at += 1;
    if ((extensions & 0x80) !== 0) at += ((bytes[at] ?? 0) & 0x80) !== 0 ? 2 : 1;
    if ((extensions & 0x40) !== 0) at += 1;
    if ((extensions & 0x30) !== 0) at += 1;
  }
  if (at >= bytes.byteLength) return undefined;
  const isStart = (first & 0x10) !== 0 && (first & 0x07) === 0;
  return { isStart, data: bytes.subarray(at) };
}
