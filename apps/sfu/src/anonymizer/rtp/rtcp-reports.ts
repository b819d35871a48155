import {
  CompoundPacket,
  PliPacket,
  ReceiverReportPacket,
  SdesChunk,
  SdesPacket,
  SenderReportPacket,
} from 'rtp.js/packets';
import type { Packet, SdesItemType } from 'rtp.js/packets';

/** From 1900, where NTP counts from, to 1970. */
const NTP_OFFSET_S = 2_208_988_800;
// rtp.js 0.15.5 exports this enum as a type only.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const CNAME = 1 as SdesItemType;

export interface SenderState {
  readonly ssrc: number;
  readonly cname: string;
  /** `Date.now()` of the report. */
  readonly nowMs: number;
  /** The RTP time that belongs to it, 32 bit. */
  readonly rtpTimestamp: number;
  readonly packets: number;
  /** Payload bytes sent. */
  readonly octets: number;
}

/** A sender report with its name, by which receivers relate RTP time to wall-clock time. */
export function senderReport(state: SenderState): Uint8Array {
  const report = new SenderReportPacket();
  const seconds = state.nowMs / 1000 + NTP_OFFSET_S;
  report.setSsrc(state.ssrc);
  report.setNtpSeconds(Math.floor(seconds) % 2 ** 32);
  report.setNtpFraction(Math.floor((seconds % 1) * 2 ** 32));
  report.setRtpTimestamp(state.rtpTimestamp);
  report.setPacketCount(state.packets % 2 ** 32);
  report.setOctetCount(state.octets % 2 ** 32);
  const compound = new CompoundPacket();
  compound.addPacket(report);
  compound.addPacket(description(state.ssrc, state.cname));
  return bytesOf(compound);
}

/** Asks the sender of `mediaSsrc` for a keyframe. */
export function pictureLoss(senderSsrc: number, mediaSsrc: number): Uint8Array {
  const report = new ReceiverReportPacket();
  report.setSsrc(senderSsrc);
  const pli = new PliPacket();
  pli.setSenderSsrc(senderSsrc);
  pli.setMediaSsrc(mediaSsrc);
  const compound = new CompoundPacket();
  compound.addPacket(report);
  compound.addPacket(pli);
  return bytesOf(compound);
}

function description(ssrc: number, cname: string): SdesPacket {
  const chunk = new SdesChunk();
  chunk.setSsrc(ssrc);
  chunk.addItem(CNAME, cname);
  const packet = new SdesPacket();
  packet.addChunk(chunk);
  return packet;
}

function bytesOf(packet: Packet): Uint8Array {
  packet.serialize();
  const view = packet.getView();
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
