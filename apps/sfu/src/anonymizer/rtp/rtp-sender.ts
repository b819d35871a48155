import { randomInt } from 'node:crypto';
import { senderReport } from './rtcp-reports.ts';

const HEADER_BYTES = 12;
/** Packets kept to be sent again; about a second of 720p. */
const HISTORY = 512;

export interface RtpSenderOptions {
  readonly payloadType: number;
  readonly ssrc: number;
  readonly cname: string;
  /** Hertz. */
  readonly clockRate: number;
}

/** Makes the RTP packets of one stream, and its sender reports. */
export class RtpSender {
  readonly #options: RtpSenderOptions;
  readonly #history = new Map<number, Uint8Array>();
  // RFC 3550 section 5.1: both start anywhere.
  #sequence = randomInt(0x1_0000);
  readonly #offset = randomInt(0x1_0000_0000);
  #lastTimestamp = 0;
  #lastSentMs: number | undefined;
  packets = 0;
  octets = 0;

  constructor(options: RtpSenderOptions) {
    this.#options = options;
  }

  /** The packets of one picture, ready to be sent. `timestamp`: ticks, from any origin. */
  picture(payloads: readonly Uint8Array[], timestamp: number, nowMs: number): Uint8Array[] {
    this.#lastTimestamp = (timestamp + this.#offset) % 2 ** 32;
    this.#lastSentMs = nowMs;
    return payloads.map((payload, index) => this.#packet(payload, index === payloads.length - 1));
  }

  /** A packet that was sent before, undefined where it is forgotten. */
  again(sequence: number): Uint8Array | undefined {
    return this.#history.get(sequence);
  }

  /** A sender report, or undefined before the first picture. Times: `performance.now()` and `Date.now()`. */
  report(nowMs: number, wallMs: number): Uint8Array | undefined {
    if (this.#lastSentMs === undefined) return undefined;
    const { ssrc, cname, clockRate } = this.#options;
    const sinceTicks = Math.round(((nowMs - this.#lastSentMs) * clockRate) / 1000);
    return senderReport({
      ssrc,
      cname,
      nowMs: wallMs,
      rtpTimestamp: (this.#lastTimestamp + sinceTicks) % 2 ** 32,
      packets: this.packets,
      octets: this.octets,
    });
  }

  #packet(payload: Uint8Array, isLast: boolean): Uint8Array {
    const { payloadType, ssrc } = this.#options;
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xffff;
    const packet = new Uint8Array(HEADER_BYTES + payload.byteLength);
    const view = new DataView(packet.buffer);
    view.setUint8(0, 0x80);
    view.setUint8(1, (isLast ? 0x80 : 0) | payloadType);
    view.setUint16(2, sequence);
    view.setUint32(4, this.#lastTimestamp);
    view.setUint32(8, ssrc);
    packet.set(payload, HEADER_BYTES);
    this.packets += 1;
    this.octets += payload.byteLength;
    this.#history.delete(sequence);
    this.#history.set(sequence, packet);
    if (this.#history.size > HISTORY) {
      const [oldest] = this.#history.keys();
      if (oldest !== undefined) this.#history.delete(oldest);
    }
    return packet;
  }
}
