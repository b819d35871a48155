import { createSocket } from 'node:dgram';
import { createWorker, type types } from 'mediasoup';
import { VIDEO_CODECS } from '../../src/engine/codecs.ts';
import {
  type Endpoint,
  RawProducer,
  type RawTransport,
  RoomMedia,
} from '../../src/engine/index.ts';
import { udp } from './rtp.ts';
import { workerBin } from './worker.ts';

/** A room whose publisher needs no DTLS: its raw RTP comes over a plain socket. */
export interface RawRoom extends AsyncDisposable {
  readonly media: RoomMedia;
  /** Where the publisher sends to. */
  readonly at: Endpoint;
  /** Stands in for the publisher's transport. */
  readonly transport: RawTransport;
}

export async function openRawRoom(source: {
  readonly payloadType: number;
  readonly ssrc: number;
}): Promise<RawRoom> {
  const worker = await createWorker({ workerBin });
  const ip = '127.0.0.1';
  const webRtcServer = await worker.createWebRtcServer({
    listenInfos: [{ protocol: 'udp', ip, port: 0 }],
  });
  const ingest = await worker.createRouter({ mediaCodecs: VIDEO_CODECS });
  const room = await worker.createRouter({ mediaCodecs: VIDEO_CODECS });
  const media = new RoomMedia(
    { worker, webRtcServer, ingest, room },
    { onLost: () => undefined, onClosed: () => undefined },
  );
  const entry = await ingest.createPlainTransport({
    listenInfo: { protocol: 'udp', ip },
    rtcpMux: true,
    comedia: true,
  });
  const produce = async (): Promise<RawProducer> =>
    new RawProducer(await entry.produce({ kind: 'video', rtpParameters: h264(source) }));
  return {
    media,
    at: { ip, port: entry.tuple.localPort },
    transport: { produce } as unknown as RawTransport,
    [Symbol.asyncDispose]: () => {
      media.close();
      worker.close();
      return Promise.resolve();
    },
  };
}

function h264(source: {
  readonly payloadType: number;
  readonly ssrc: number;
}): types.RtpParameters {
  const parameters = {
    'packetization-mode': 1,
    'profile-level-id': '42e01f',
    'level-asymmetry-allowed': 1,
  };
  const { payloadType, ssrc } = source;
  return {
    codecs: [
      {
        mimeType: 'video/H264',
        payloadType,
        clockRate: 90_000,
        parameters,
        rtcpFeedback: [{ type: 'nack', parameter: 'pli' }],
      },
    ],
    encodings: [{ ssrc }],
  };
}

/** Passes datagrams on with another payload type and SSRC, for a receiver that expects those. */
export async function relabelling(
  from: { readonly ssrc: number },
  to: Endpoint & { readonly payloadType: number; readonly ssrc: number },
): Promise<{ readonly at: Endpoint; close(): void }> {
  const { socket, at } = await udp();
  const out = createSocket('udp4');
  socket.on('message', (datagram) => {
    if (datagram.length < 12 || datagram.readUInt32BE(8) !== from.ssrc) return;
    datagram.writeUInt8((datagram.readUInt8(1) & 0x80) | to.payloadType, 1);
    datagram.writeUInt32BE(to.ssrc, 8);
    out.send(datagram, to.port, to.ip);
  });
  return {
    at,
    close: () => {
      socket.close();
      out.close();
    },
  };
}
