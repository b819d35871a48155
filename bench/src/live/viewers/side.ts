import type { types } from 'mediasoup';
import { createWorker } from 'mediasoup';
import {
  Attestation,
  MediaEngine,
  attest,
  type WatchTransport,
} from '../../../../apps/sfu/src/engine/index.ts';

/** Where a sender's RTP goes, and how it is marked. */
export interface Inlet {
  readonly ip: string;
  readonly port: number;
  readonly payloadType: number;
  readonly ssrc: number;
}

/** A media server with one picture in it, as far as a viewer needs it. */
export interface Side {
  readonly name: 'ours' | 'raw';
  readonly inlet: Inlet;
  readonly capabilities: unknown;
  openTransport(): Promise<Outlet>;
  close(): void;
}

/** One viewer's connection. What travels is opaque here: mediasoup-client reads it. */
export interface Outlet {
  describe(): unknown;
  connect(dtlsParameters: unknown): Promise<void>;
  /** Running already when it resolves. */
  consume(rtpCapabilities: unknown): Promise<unknown>;
}

const SSRC = 0x0d0a0e;
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Our engine: a room whose picture comes from an anonymizer process, as viewers get it. */
export async function openOurs(workerBin: string): Promise<Side> {
  const engine = await MediaEngine.open({
    workerBin,
    workers: 1,
    listenIp: '127.0.0.1',
    announcedAddress: undefined,
    port: 0,
    log: silent,
  });
  const media = await engine.openRoom({ onLost: () => undefined });
  const rawTransport = await media.openRawTransport(10_000_000);
  // Nothing is sent there: it stands for the publisher, so that the way back can be opened.
  const raw = await rawTransport.produce({ kind: 'video', rtpParameters: parameters(102, 1) });
  const link = await media.openAnonymizerLink(raw, 'bench');
  const producer = attest(
    link.producer,
    Attestation.ofPipeline(link.producer.id, { profile: 'mixed', models: [] }),
  );
  return {
    name: 'ours',
    inlet: link.output,
    capabilities: media.roomCapabilities,
    openTransport: async () => {
      const transport: WatchTransport = await media.openWatchTransport();
      return {
        describe: () => transport.describe(),
        connect: (dtls) => transport.connect(dtls as never),
        consume: async (rtpCapabilities) => {
          const viewing = await transport.consume(producer, rtpCapabilities as never);
          await viewing.resume();
          const { id, producerId, kind, rtpParameters } = viewing;
          return { id, producerId, kind, rtpParameters };
        },
      };
    },
    close: () => {
      media.close();
      engine.close();
    },
  };
}

/** mediasoup and nothing else, set up the same way. */
export async function openRaw(workerBin: string): Promise<Side> {
  const worker = await createWorker({ workerBin, logLevel: 'warn' });
  const server = await worker.createWebRtcServer({
    listenInfos: [
      { protocol: 'udp', ip: '127.0.0.1' },
      { protocol: 'tcp', ip: '127.0.0.1' },
    ],
  });
  const codec: types.RouterRtpCodecCapability = {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    preferredPayloadType: 102,
    parameters: {
      'packetization-mode': 1,
      'profile-level-id': '42e01f',
      'level-asymmetry-allowed': 1,
    },
  };
  const router = await worker.createRouter({ mediaCodecs: [codec] });
  const plain = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    comedia: true,
  });
  const producer = await plain.produce({
    kind: 'video',
    keyFrameRequestDelay: 300,
    rtpParameters: parameters(102, SSRC),
  });
  return {
    name: 'raw',
    inlet: { ip: '127.0.0.1', port: plain.tuple.localPort, payloadType: 102, ssrc: SSRC },
    capabilities: router.rtpCapabilities,
    openTransport: async () => {
      const transport = await router.createWebRtcTransport({
        webRtcServer: server,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: 3_000_000,
      });
      return outletOf(transport, producer);
    },
    close: () => {
      worker.close();
    },
  };
}

function outletOf(transport: types.WebRtcTransport, producer: types.Producer): Outlet {
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
  return {
    describe: () => ({ id, iceParameters, iceCandidates, dtlsParameters }),
    connect: (dtls) => transport.connect({ dtlsParameters: dtls as types.DtlsParameters }),
    consume: async (rtpCapabilities) => {
      const consumer = await transport.consume({
        producerId: producer.id,
        rtpCapabilities: rtpCapabilities as types.RtpCapabilities,
        paused: true,
      });
      await consumer.resume();
      const { kind, rtpParameters } = consumer;
      return { id: consumer.id, producerId: producer.id, kind, rtpParameters };
    },
  };
}

function parameters(payloadType: number, ssrc: number) {
  return {
    codecs: [
      {
        mimeType: 'video/H264',
        payloadType,
        clockRate: 90_000,
        parameters: {
          'packetization-mode': 1,
          'profile-level-id': '42e01f',
          'level-asymmetry-allowed': 1,
        },
        rtcpFeedback: [
          { type: 'nack', parameter: 'pli' },
          { type: 'ccm', parameter: 'fir' },
        ],
      },
    ],
    encodings: [{ ssrc }],
    rtcp: { cname: 'bench' },
  };
}
