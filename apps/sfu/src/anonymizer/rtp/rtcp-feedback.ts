import { CompoundPacket, FeedbackPacket, isRtcp, NackPacket, parseNackItem } from 'rtp.js/packets';

/** RTCP packet types and feedback formats (RFC 4585, RFC 5104). */
const PSFB = 206;
const PLI = 1;
const FIR = 4;
/** More lost packets than this in one message are not sent again one by one. */
const MAX_NACKED = 256;

export interface Feedback {
  /** The other side can't go on without a keyframe. */
  readonly wantsKeyframe: boolean;
  /** Sequence numbers, 16 bit, that it misses. */
  readonly missing: readonly number[];
}

/** What a receiver of `ssrc` says; undefined for datagrams that are no RTCP. */
export function parseFeedback(datagram: Uint8Array, ssrc: number): Feedback | undefined {
  const packets = parse(datagram);
  if (!packets) return undefined;
  let wantsKeyframe = false;
  const missing: number[] = [];
  for (const packet of packets) {
    if (!(packet instanceof FeedbackPacket)) continue;
    const format: number = packet.getMessageType();
    const type: number = packet.getPacketType();
    // A FIR names its target in its body, and its header's source is 0.
    if (type === PSFB && format === FIR) wantsKeyframe = true;
    if (packet.getMediaSsrc() !== ssrc) continue;
    if (type === PSFB && format === PLI) wantsKeyframe = true;
    if (packet instanceof NackPacket) {
      for (const { pid, bitmask } of packet.getItems())
        missing.push(...parseNackItem(pid, bitmask));
    }
  }
  return { wantsKeyframe, missing: missing.slice(0, MAX_NACKED) };
}

function parse(datagram: Uint8Array): ReturnType<CompoundPacket['getPackets']> | undefined {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  try {
    return isRtcp(view) ? new CompoundPacket(view).getPackets() : undefined;
  } catch {
    // Lengths that point outside: the parser throws RangeError or TypeError.
    return undefined;
  }
}
