import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { H264Depacketizer } from '../../../src/anonymizer/rtp/h264-depacketizer.ts';
import {
  MAX_PAYLOAD_BYTES,
  nalUnits,
  packetizeH264,
} from '../../../src/anonymizer/rtp/h264-packetizer.ts';
import { annexB, nal, ordered } from '../support/packets.ts';

const SPS = nal(7, 12);
const PPS = nal(8, 6);
const SEI = nal(6, 30);
const IDR = nal(5, 5000);
const SLICE = nal(1, 900);

function unitsOf(payloads: readonly Uint8Array[], options: { lose?: number } = {}) {
  const depacketizer = new H264Depacketizer();
  const packets = ordered(payloads, options);
  return packets.flatMap((packet) => depacketizer.push(packet));
}

describe('H.264 payloads', () => {
  it('carry parameter sets in one STAP-A and large NAL units in FU-A, and leave SEI out', () => {
    const payloads = packetizeH264(annexB(SPS, PPS, SEI, IDR));
    expect(payloads.map((payload) => (payload[0] ?? 0) & 0x1f)).toEqual([24, 28, 28, 28, 28, 28]);
    expect(Math.max(...payloads.map((payload) => payload.byteLength))).toBeLessThanOrEqual(
      MAX_PAYLOAD_BYTES,
    );
    const [unit] = unitsOf(payloads);
    expect(unit?.isKey).toBe(true);
    expect([...nalUnits(unit?.data ?? new Uint8Array())]).toEqual([SPS, PPS, IDR]);
  });

  it('survive the way there and back, whatever the sizes', () => {
    const sizes = fc.array(fc.integer({ min: 2, max: 6000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        // One slice begins the picture, the others go on with it.
        const nals = lengths.map((length, index) => nal(1, length, { first: index === 0 }));
        const [unit, ...others] = unitsOf(packetizeH264(annexB(...nals)));
        expect(others).toEqual([]);
        expect(unit?.isKey).toBe(false);
        expect([...nalUnits(unit?.data ?? new Uint8Array())]).toEqual(nals);
      }),
    );
  });

  it.each([0, 1, 2, 3])('give no picture where packet %i of it is missing', (lose) => {
    const payloads = packetizeH264(annexB(SPS, PPS, IDR)).slice(0, 4);
    expect(unitsOf(payloads, { lose })).toEqual([]);
  });

  it('say after a loss that the next picture follows a gap, once', () => {
    const depacketizer = new H264Depacketizer();
    const picture = packetizeH264(annexB(SLICE));
    const push = (timestamp: number, afterGap: boolean) =>
      ordered(picture, { timestamp }).flatMap((packet) =>
        depacketizer.push({ ...packet, afterGap }),
      );
    expect(push(0, false).map((unit) => unit.lostBefore)).toEqual([false]);
    expect(push(3000, true).map((unit) => unit.lostBefore)).toEqual([true]);
    expect(push(6000, false).map((unit) => unit.lostBefore)).toEqual([false]);
  });

  it('drop a picture whose first slices are missing', () => {
    const depacketizer = new H264Depacketizer();
    const later = nal(1, 900, { first: false });
    const packets = ordered([later]).map((packet) => ({ ...packet, afterGap: true }));
    expect(packets.flatMap((packet) => depacketizer.push(packet))).toEqual([]);
  });

  it('never throw, whatever comes', () => {
    const garbage = fc.array(
      fc.record({
        payload: fc.uint8Array({ maxLength: 40 }),
        marker: fc.boolean(),
        afterGap: fc.boolean(),
        timestamp: fc.integer({ min: 0, max: 5 }),
      }),
    );
    fc.assert(
      fc.property(garbage, (packets) => {
        const depacketizer = new H264Depacketizer();
        packets.forEach((packet, sequence) => {
          depacketizer.push({ ...packet, sequence, arrivalMs: 0 });
        });
        const whole = ordered(packetizeH264(annexB(SPS, PPS, IDR)), { timestamp: 9 });
        const unit = whole.flatMap((packet) => depacketizer.push(packet)).at(-1);
        // Garbage may leave parameter sets before it, but the picture itself is whole.
        expect([...nalUnits(unit?.data ?? new Uint8Array())].at(-1)).toEqual(IDR);
      }),
    );
  });
});
