import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { LiveRtpParameters } from '@drape/contract';
import type { Endpoint, OutputDescription } from '../../src/engine/index.ts';

/** What a browser would send as H.264; nothing connects, so no packet ever comes. */
export function h264Parameters(ssrc: number): LiveRtpParameters {
  return {
    mid: '0',
    codecs: [
      {
        mimeType: 'video/H264',
        payloadType: 102,
        clockRate: 90_000,
        parameters: {
          'packetization-mode': 1,
          'profile-level-id': '42e01f',
          'level-asymmetry-allowed': 1,
        },
        rtcpFeedback: [
          { type: 'nack' },
          { type: 'nack', parameter: 'pli' },
          { type: 'ccm', parameter: 'fir' },
          { type: 'transport-cc' },
        ],
      },
    ],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 }],
    encodings: [{ ssrc }],
    rtcp: { cname: 'test', reducedSize: true },
  };
}

export async function udp(): Promise<{ readonly socket: Socket; readonly at: Endpoint }> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, at: { ip: '127.0.0.1', port: socket.address().port } };
}

/** One H.264 packet: an SPS, which mediasoup takes for the start of a keyframe. */
export function keyframePacket(output: OutputDescription, sequence: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(0x80 | output.payloadType, 1);
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE((sequence * 3000) >>> 0, 4);
  header.writeUInt32BE(output.ssrc, 8);
  return Buffer.concat([header, Buffer.from([0x67, 0x42, 0xe0, 0x1f, sequence & 0xff])]);
}

/** RTP, not RTCP (RFC 5761 section 4). */
export function isRtp(packet: Buffer): boolean {
  const type = packet.readUInt8(1) & 0x7f;
  return type < 64 || type > 95;
}

/** What follows the header and its extensions, which mediasoup adds (RFC 3550 section 5.1). */
export function payloadOf(packet: Buffer): Buffer {
  const afterSources = 12 + 4 * (packet.readUInt8(0) & 0x0f);
  const isExtended = (packet.readUInt8(0) & 0x10) !== 0;
  if (!isExtended) return packet.subarray(afterSources);
  return packet.subarray(afterSources + 4 + 4 * packet.readUInt16BE(afterSources + 2));
}

/** What a browser would send as Opus. */
export function opusParameters(ssrc: number): LiveRtpParameters {
  return {
    mid: '1',
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: { minptime: 10, useinbandfec: 1 },
      },
    ],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 }],
    encodings: [{ ssrc }],
    rtcp: { cname: 'test', reducedSize: true },
  };
}
