import { isRtp, RtpPacket } from 'rtp.js/packets';
import type { MediaPacket } from './reorder-buffer.ts';
import { Unwrapper } from './wrapping.ts';

/** Farther from the last sequence number than this, a packet is not of the same run. */
const MAX_JUMP = 3000;
/** Packets in a row of another run after which the sender has begun anew. */
const NEW_RUN_PACKETS = 3;

export interface RtpReceiverOptions {
  readonly payloadType: number;
  /** The only source that is listened to; the first one that speaks where it is undefined. */
  readonly ssrc: number | undefined;
}

/** Reads RTP packets of one source. What is not one of them is counted and dropped. */
export class RtpReceiver {
  readonly #options: RtpReceiverOptions;
  #ssrc: number | undefined;
  #sequences = new Unwrapper(16);
  #timestamps = new Unwrapper(32);
  #newest: number | undefined;
  #strangers: number[] = [];
  packets = 0;
  /** Datagrams that are no RTP, or of another payload type or source. */
  foreign = 0;

  constructor(options: RtpReceiverOptions) {
    this.#options = options;
    this.#ssrc = options.ssrc;
  }

  /** The source, once it is known. */
  get ssrc(): number | undefined {
    return this.#ssrc;
  }

  /** `restarted`: the sender began anew, what came before has no end. */
  receive(
    datagram: Uint8Array,
    arrivalMs: number,
  ): { readonly packet: MediaPacket; readonly restarted: boolean } | undefined {
    const parsed = parse(datagram);
    const mine =
      parsed?.getPayloadType() === this.#options.payloadType &&
      (this.#ssrc === undefined || parsed.getSsrc() === this.#ssrc);
    if (!parsed || !mine) {
      this.foreign += 1;
      return undefined;
    }
    const restarted = this.#isNewRun(parsed.getSequenceNumber());
    if (restarted === undefined) return undefined;
    this.#ssrc ??= parsed.getSsrc();
    this.packets += 1;
    const payload = parsed.getPayload();
    const packet = {
      sequence: this.#sequences.next(parsed.getSequenceNumber()),
      timestamp: this.#timestamps.next(parsed.getTimestamp()),
      marker: parsed.getMarker(),
      payload: new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength),
      arrivalMs,
    };
    this.#newest = Math.max(this.#newest ?? 0, packet.sequence);
    return { packet, restarted };
  }

  /** Undefined for a single packet from far away: a stray one must not end the stream. */
  #isNewRun(sequence: number): boolean | undefined {
    if (this.#newest === undefined) return false;
    const away = Math.abs(((sequence - this.#newest + 0x8000) & 0xffff) - 0x8000);
    if (away <= MAX_JUMP) {
      this.#strangers = [];
      return false;
    }
    const last = this.#strangers.at(-1);
    const follows = last !== undefined && ((last + 1) & 0xffff) === sequence;
    this.#strangers = follows ? [...this.#strangers, sequence] : [sequence];
    if (this.#strangers.length < NEW_RUN_PACKETS) {
      this.foreign += 1;
      return undefined;
    }
    this.#strangers = [];
    this.#newest = undefined;
    this.#sequences = new Unwrapper(16);
    return true;
  }
}

function parse(datagram: Uint8Array): RtpPacket | undefined {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  try {
    return isRtp(view) ? new RtpPacket(view) : undefined;
  } catch {
    // Lengths that point outside: the parser throws RangeError or TypeError.
    return undefined;
  }
}
