import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MediaClock } from '../../../src/anonymizer/rtp/media-clock.ts';
import { ReorderBuffer, type MediaPacket } from '../../../src/anonymizer/rtp/reorder-buffer.ts';
import { parseFeedback } from '../../../src/anonymizer/rtp/rtcp-feedback.ts';
import { pictureLoss } from '../../../src/anonymizer/rtp/rtcp-reports.ts';
import { RtpReceiver } from '../../../src/anonymizer/rtp/rtp-receiver.ts';
import { RtpSender } from '../../../src/anonymizer/rtp/rtp-sender.ts';
import { Unwrapper } from '../../../src/anonymizer/rtp/wrapping.ts';

const packet = (sequence: number, arrivalMs = 0): MediaPacket => ({
  sequence,
  timestamp: sequence,
  marker: true,
  payload: new Uint8Array(1),
  arrivalMs,
});
const sequences = (packets: Iterable<MediaPacket>): number[] =>
  [...packets].map(({ sequence }) => sequence);

describe('Unwrapper', () => {
  it('counts on over the wrap, in any order within half the range', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -300, max: 3000 })), (steps) => {
        const unwrapper = new Unwrapper(16);
        const origin = unwrapper.next(65_000);
        let at = origin;
        for (const step of steps) {
          at += step;
          // Late packets never lie farther behind the newest than half the range.
          const value = ((at % 65_536) + 65_536) % 65_536;
          expect(unwrapper.next(value) % 65_536).toBe(value);
        }
      }),
    );
    const unwrapper = new Unwrapper(16);
    const first = unwrapper.next(65_535);
    expect([unwrapper.next(0), unwrapper.next(65_534), unwrapper.next(2)]).toEqual([
      first + 1,
      first - 1,
      first + 3,
    ]);
  });
});

describe('ReorderBuffer', () => {
  const limits = { maxWaitMs: 80, maxPackets: 5 };

  it('gives every packet once, in order, however near ones are shuffled', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }), (delays) => {
        const buffer = new ReorderBuffer({ maxWaitMs: 80, maxPackets: 100 });
        const shuffled = delays
          .map((delay, index) => ({ at: index + delay, index }))
          .sort((a, b) => a.at - b.at || a.index - b.index)
          .map(({ index }) => index);
        const out = [
          ...sequences(buffer.push(packet(0))),
          ...shuffled.flatMap((index) => sequences(buffer.push(packet(index + 1)))),
        ];
        expect(out).toEqual(Array.from({ length: delays.length + 1 }, (_, index) => index));
        expect(buffer.lost).toBe(0);
      }),
    );
  });

  it('gives up a missing packet after its time, and marks what follows', () => {
    const buffer = new ReorderBuffer(limits);
    expect(sequences(buffer.push(packet(1)))).toEqual([1]);
    expect(sequences(buffer.push(packet(3, 10)))).toEqual([]);
    expect(sequences(buffer.expire(89))).toEqual([]);
    const late = [...buffer.expire(90)];
    expect(late.map(({ sequence, afterGap }) => [sequence, afterGap])).toEqual([[3, true]]);
    expect(sequences(buffer.push(packet(2, 91)))).toEqual([]);
    expect([buffer.lost, buffer.late]).toEqual([1, 1]);
  });

  it('holds no more packets than it may', () => {
    const buffer = new ReorderBuffer(limits);
    expect(sequences(buffer.push(packet(0)))).toEqual([0]);
    const out = [2, 3, 4, 5, 6, 7].flatMap((sequence) => sequences(buffer.push(packet(sequence))));
    expect(out).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe('RtpReceiver', () => {
  const source = (ssrc: number) =>
    new RtpSender({ payloadType: 102, ssrc, cname: 'test', clockRate: 90_000 });

  it('reads what RtpSender wrote and nothing else', () => {
    const receiver = new RtpReceiver({ payloadType: 102, ssrc: 7 });
    const [mine] = source(7).picture([Uint8Array.of(1, 2, 3)], 0, 0);
    const [other] = source(8).picture([Uint8Array.of(1, 2, 3)], 0, 0);
    const received = mine && receiver.receive(mine, 5);
    expect(received?.packet).toMatchObject({ marker: true, arrivalMs: 5 });
    expect([...(received?.packet.payload ?? [])]).toEqual([1, 2, 3]);
    expect(other && receiver.receive(other, 5)).toBeUndefined();
    expect(receiver.foreign).toBe(1);
  });

  it('never throws, whatever comes', () => {
    const receiver = new RtpReceiver({ payloadType: 102, ssrc: undefined });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (datagram) => {
        const received = receiver.receive(datagram, 0);
        expect(received === undefined || received.packet.payload.byteLength >= 0).toBe(true);
      }),
    );
  });

  it('is not led astray by one packet from far away, and follows a sender that began anew', () => {
    const receiver = new RtpReceiver({ payloadType: 102, ssrc: 7 });
    const write = (sequence: number): Uint8Array => {
      const bytes = new Uint8Array(13);
      const view = new DataView(bytes.buffer);
      view.setUint16(0, 0x8066);
      view.setUint16(2, sequence);
      view.setUint32(8, 7);
      return bytes;
    };
    expect(receiver.receive(write(100), 0)?.restarted).toBe(false);
    expect(receiver.receive(write(30_000), 0)).toBeUndefined();
    expect(receiver.receive(write(101), 0)?.restarted).toBe(false);
    expect(receiver.receive(write(40_000), 0)).toBeUndefined();
    expect(receiver.receive(write(40_001), 0)).toBeUndefined();
    expect(receiver.receive(write(40_002), 0)?.restarted).toBe(true);
    expect(receiver.receive(write(40_003), 0)?.restarted).toBe(false);
  });
});

describe('MediaClock', () => {
  it('keeps the spacing, and always rises where the sender jumps', () => {
    const clock = new MediaClock(90_000);
    const times = [1000, 4000, 7500, 9_000_000_000, 9_000_003_000, 5, 3005];
    const out = times.map((time) => clock.next(time));
    expect(out).toEqual([0, 3000, 6500, 9500, 12_500, 15_500, 18_500]);
  });
});

describe('RTCP', () => {
  it('asks for a keyframe in a way that is understood, and of the right stream only', () => {
    expect(parseFeedback(pictureLoss(1, 42), 42)?.wantsKeyframe).toBe(true);
    expect(parseFeedback(pictureLoss(1, 43), 42)?.wantsKeyframe).toBe(false);
  });

  it('understands FIR and NACK', () => {
    const fir = Uint8Array.of(0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 42, 1, 0, 0, 0);
    expect(parseFeedback(fir, 42)?.wantsKeyframe).toBe(true);
    const nack = Uint8Array.of(0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 42, 0, 9, 0, 1);
    expect(parseFeedback(nack, 42)?.missing).toEqual([9, 10]);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (datagram) => {
        const feedback = parseFeedback(datagram, 42);
        expect(feedback === undefined || feedback.missing.length <= 256).toBe(true);
      }),
    );
  });
});
