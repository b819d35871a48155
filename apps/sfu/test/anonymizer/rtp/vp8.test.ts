import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Vp8Depacketizer } from '../../../src/anonymizer/rtp/vp8-depacketizer.ts';
import { ordered } from '../support/packets.ts';

/** Payload descriptors of RFC 7741 section 4.2, all saying "start of the frame". */
const DESCRIPTORS: readonly (readonly number[])[] = [
  [0x10],
  [0x90, 0x80, 0x11],
  [0x90, 0x80, 0x81, 0x22],
  [0x90, 0xe0, 0x81, 0x22, 0x05, 0x40],
  [0x90, 0x20, 0x40],
];
const KEY = [0x10, 0x02, 0x00, 0x9d];
const DELTA = [0x31, 0x02, 0x00, 0x11];

describe('VP8 payloads', () => {
  it.each(DESCRIPTORS)('are read behind descriptor %j', (...descriptor) => {
    const packets = ordered([
      Uint8Array.from([...descriptor, ...KEY]),
      Uint8Array.from([(descriptor[0] ?? 0) & ~0x10, ...descriptor.slice(1), 7, 8]),
    ]);
    const depacketizer = new Vp8Depacketizer();
    const units = packets.flatMap((packet) => depacketizer.push(packet));
    expect(units.map((unit) => [...unit.data])).toEqual([[...KEY, 7, 8]]);
    expect(units[0]?.isKey).toBe(true);
  });

  it('are no keyframe where the frame tag says so', () => {
    const [packet] = ordered([Uint8Array.from([0x10, ...DELTA])]);
    const [unit] = packet ? new Vp8Depacketizer().push(packet) : [];
    expect(unit?.isKey).toBe(false);
  });

  it('give nothing without their start, and say so with the next picture', () => {
    const depacketizer = new Vp8Depacketizer();
    const [middle] = ordered([Uint8Array.from([0x00, 1, 2, 3])]);
    const [next] = ordered([Uint8Array.from([0x10, ...KEY])], { timestamp: 3000 });
    expect(middle && depacketizer.push(middle)).toEqual([]);
    const [unit] = next ? depacketizer.push(next) : [];
    expect(unit?.lostBefore).toBe(true);
  });

  it('never throw, whatever comes', () => {
    const garbage = fc.array(
      fc.record({
        payload: fc.uint8Array({ maxLength: 12 }),
        marker: fc.boolean(),
        afterGap: fc.boolean(),
        timestamp: fc.integer({ min: 0, max: 5 }),
      }),
    );
    fc.assert(
      fc.property(garbage, (packets) => {
        const depacketizer = new Vp8Depacketizer();
        packets.forEach((packet, sequence) => {
          depacketizer.push({ ...packet, sequence, arrivalMs: 0 });
        });
        const whole = ordered([Uint8Array.from([0x10, ...KEY])], { timestamp: 9 });
        const units = whole.flatMap((packet) => depacketizer.push(packet));
        expect(units.map((unit) => [...unit.data])).toEqual([KEY]);
      }),
    );
  });
});
