import { LiveError, type LiveRtpParameters } from '@drape/contract';
import type { types } from 'mediasoup';
import { media } from './failures.ts';

export interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

/** What a process that receives RTP must know of it. */
export interface RtpDescription {
  readonly mimeType: string;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly ssrc: number;
}

const LOOPBACK = '127.0.0.1';
const BUFFER_BYTES = 4 * 1024 * 1024;

/** A socket on loopback for a process of this machine. RTP and RTCP share its port. */
export function openPlain(
  router: types.Router,
  options: { readonly comedia: boolean },
): Promise<types.PlainTransport> {
  return media('open a plain transport', () =>
    router.createPlainTransport({
      listenInfo: {
        protocol: 'udp',
        ip: LOOPBACK,
        sendBufferSize: BUFFER_BYTES,
        recvBufferSize: BUFFER_BYTES,
      },
      rtcpMux: true,
      comedia: options.comedia,
    }),
  );
}

/** RTP from a producer to a process of this machine; starts with `start()`. */
export class PlainFlow {
  readonly description: RtpDescription;
  readonly #transport: types.PlainTransport;
  readonly #consumer: types.Consumer;

  private constructor(transport: types.PlainTransport, consumer: types.Consumer) {
    this.#transport = transport;
    this.#consumer = consumer;
    this.description = describe(consumer.rtpParameters as LiveRtpParameters);
  }

  static async open(router: types.Router, producer: types.Producer): Promise<PlainFlow> {
    const transport = await openPlain(router, { comedia: false });
    try {
      const rtpCapabilities = forProcess(router.rtpCapabilities);
      const options = { producerId: producer.id, rtpCapabilities, paused: true, enableRtx: false };
      const consumer = await media('feed a process', () => transport.consume(options));
      return new PlainFlow(transport, consumer);
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  /** The process listens there, RTCP on the same port. It gets a keyframe first. */
  async start({ ip, port }: Endpoint): Promise<void> {
    await media('connect a process', async () => {
      await this.#transport.connect({ ip, port });
      await this.#consumer.resume();
    });
  }

  async requestKeyframe(): Promise<void> {
    if (!this.#consumer.closed) await this.#consumer.requestKeyFrame().catch(() => undefined);
  }

  /** The producer went, not `close()`. */
  onEnded(listener: () => void): void {
    this.#consumer.once('producerclose', listener);
  }

  /** Idempotent. */
  close(): void {
    this.#transport.close();
  }
}

/**
 * What a process on loopback takes: every codec, keyframe requests, and nothing that costs it
 * work for a network that loses packets (RTX, NACK, header extensions).
 */
function forProcess({ codecs = [] }: types.RtpCapabilities): types.RtpCapabilities {
  return {
    codecs: codecs
      .filter(({ mimeType }) => !mimeType.endsWith('/rtx'))
      .map((codec) => ({
        ...codec,
        rtcpFeedback: (codec.rtcpFeedback ?? []).filter(
          ({ type, parameter }) => parameter === 'pli' || (type === 'ccm' && parameter === 'fir'),
        ),
      })),
    headerExtensions: [],
  };
}

function describe({ codecs, encodings }: LiveRtpParameters): RtpDescription {
  const [codec] = codecs;
  const ssrc = encodings?.[0]?.ssrc;
  if (!codec || ssrc === undefined) {
    throw new LiveError('internal', 'a plain consumer without codec or SSRC');
  }
  const { mimeType, payloadType, clockRate, parameters = {} } = codec;
  return { mimeType, payloadType, clockRate, parameters, ssrc };
}
