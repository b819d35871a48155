import { joined, MAX_UNIT_BYTES, type AccessUnit, type Depacketizer } from './access-unit.ts';
import type { OrderedPacket } from './reorder-buffer.ts';

/** NAL unit types (ITU-T H.264 table 7-1, RFC 6184 table 1). */
const NAL = { slice: 1, idr: 5, stapA: 24, fuA: 28 } as const;
const START_CODE = Uint8Array.of(0, 0, 0, 1);

/** H.264 out of RTP: single NAL units, STAP-A and FU-A (RFC 6184, packetization modes 0 and 1). */
export class H264Depacketizer implements Depacketizer {
  #parts: Uint8Array[] = [];
  #sizeBytes = 0;
  #timestamp: number | undefined;
  #isKey = false;
  #arrivalMs = 0;
  /** Something of the current picture is missing or malformed. */
  #broken = false;
  #lost = false;
  #inFragment = false;
  #hasSlice = false;

  push(packet: OrderedPacket): AccessUnit[] {
    const units: AccessUnit[] = [];
    if (packet.afterGap) {
      this.#dropOpen();
      this.#lost = true;
    }
    if (packet.timestamp !== this.#timestamp) {
      this.#finish(units);
      this.#timestamp = packet.timestamp;
    }
    this.#arrivalMs = packet.arrivalMs;
    if (packet.payload.byteLength > 0 && !this.#broken) this.#add(packet.payload);
    if (packet.marker) this.#finish(units);
    return units;
  }

  #add(payload: Uint8Array): void {
    const first = payload[0] ?? 0;
    const type = first & 0x1f;
    if (type === NAL.fuA) this.#addFragment(payload);
    else if (this.#inFragment) this.#break();
    else if (type === NAL.stapA) this.#addAggregate(payload);
    else if (type > 0 && type < NAL.stapA) this.#addNal(payload);
    else this.#break();
  }

  #addAggregate(payload: Uint8Array): void {
    let at = 1;
    while (at + 2 < payload.byteLength) {
      const sizeBytes = ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0);
      at += 2;
      if (sizeBytes === 0 || at + sizeBytes > payload.byteLength) {
        this.#break();
        return;
      }
      this.#addNal(payload.subarray(at, at + sizeBytes));
      at += sizeBytes;
    }
    if (at !== payload.byteLength) this.#break();
  }

  #addFragment(payload: Uint8Array): void {
    if (payload.byteLength < 3) {
      this.#break();
      return;
    }
    const [indicator = 0, header = 0] = payload;
    const isStart = (header & 0x80) !== 0;
    const isEnd = (header & 0x40) !== 0;
    if (isStart === this.#inFragment || (isStart && isEnd)) {
      this.#break();
      return;
    }
    if (isStart) {
      const nalHeader = (indicator & 0xe0) | (header & 0x1f);
      this.#note(nalHeader, payload[2] ?? 0);
      this.#append(START_CODE);
      this.#append(Uint8Array.of(nalHeader));
    }
    this.#append(payload.subarray(2));
    this.#inFragment = !isEnd;
  }

  #addNal(nal: Uint8Array): void {
    this.#note(nal[0] ?? 0, nal[1] ?? 0);
    this.#append(START_CODE);
    this.#append(nal);
  }

  /** `second`: the first byte after the NAL header. */
  #note(nalHeader: number, second: number): void {
    const type = nalHeader & 0x1f;
    if (type < NAL.slice || type > NAL.idr) return;
    // first_mb_in_slice is 0 where its first bit is 1: a picture must begin with that.
    if (!this.#hasSlice && (second & 0x80) === 0) this.#break();
    this.#hasSlice = true;
    if (type === NAL.idr) this.#isKey = true;
  }

  #append(part: Uint8Array): void {
    this.#sizeBytes += part.byteLength;
    if (this.#sizeBytes > MAX_UNIT_BYTES) this.#break();
    if (!this.#broken) this.#parts.push(part);
  }

  #break(): void {
    this.#broken = true;
    this.#parts = [];
  }

  /** A packet is missing: of the picture that was being put together, the next one, or both. */
  #dropOpen(): void {
    if (this.#parts.length > 0 || this.#inFragment) this.#break();
  }

  #finish(units: AccessUnit[]): void {
    const complete = !this.#broken && !this.#inFragment && this.#hasSlice;
    if (complete && this.#timestamp !== undefined) {
      units.push({
        data: joined(this.#parts, this.#sizeBytes),
        timestamp: this.#timestamp,
        isKey: this.#isKey,
        lostBefore: this.#lost,
        arrivalMs: this.#arrivalMs,
      });
      this.#lost = false;
    } else if (this.#broken || this.#inFragment) this.#lost = true;
    // Parameter sets alone in their packets belong to the picture after them.
    const waits = !complete && !this.#broken && !this.#inFragment;
    this.#broken = false;
    this.#inFragment = false;
    this.#hasSlice = false;
    if (waits && this.#sizeBytes < MAX_UNIT_BYTES / 2) return;
    this.#parts = [];
    this.#sizeBytes = 0;
    this.#isKey = false;
  }
}
