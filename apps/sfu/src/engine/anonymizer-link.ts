import { randomInt } from 'node:crypto';
import type { types } from 'mediasoup';
import { H264_PAYLOAD_TYPE } from './codecs.ts';
import { media } from './failures.ts';
import { type Endpoint, openPlain, PlainFlow, type RtpDescription } from './plain-flow.ts';
import { ingested, PendingProducer, type RawProducer } from './producers.ts';

/** Where, and as what, an anonymizer sends its picture. */
export interface OutputDescription extends Endpoint {
  readonly mimeType: 'video/H264';
  readonly payloadType: number;
  readonly ssrc: number;
  readonly cname: string;
}

/** Raw video out of the ingest router to a process, covered video from it into the room router. */
export class AnonymizerLink {
  readonly input: RtpDescription;
  readonly output: OutputDescription;
  /** What comes back. Nothing sees it before it is attested. */
  readonly producer: PendingProducer;
  readonly #flow: PlainFlow;
  readonly #back: types.PlainTransport;

  private constructor(parts: {
    readonly flow: PlainFlow;
    readonly back: types.PlainTransport;
    readonly output: OutputDescription;
    readonly producer: PendingProducer;
  }) {
    this.#flow = parts.flow;
    this.#back = parts.back;
    this.input = parts.flow.description;
    this.output = parts.output;
    this.producer = parts.producer;
  }

  static async open(
    routers: { readonly ingest: types.Router; readonly room: types.Router },
    raw: RawProducer,
    cname: string,
  ): Promise<AnonymizerLink> {
    const flow = await PlainFlow.open(routers.ingest, ingested(raw));
    let back: types.PlainTransport | undefined;
    try {
      // comedia: the process sends from a port of its own, which is learnt from its first packet.
      const opened = await openPlain(routers.room, { comedia: true });
      back = opened;
      const output: OutputDescription = {
        mimeType: 'video/H264',
        payloadType: H264_PAYLOAD_TYPE,
        ssrc: randomInt(1, 0xffff_ffff),
        cname,
        ip: opened.tuple.localAddress,
        port: opened.tuple.localPort,
      };
      const made = await media('take a process', () => opened.produce(producing(output)));
      return new AnonymizerLink({ flow, back, output, producer: new PendingProducer(made) });
    } catch (error) {
      back?.close();
      flow.close();
      throw error;
    }
  }

  /** The process listens there: raw video flows from now on. */
  async start(listen: Endpoint): Promise<void> {
    await this.#flow.start(listen);
  }

  /** Asks the publisher, so that the process can decode. */
  async requestKeyframe(): Promise<void> {
    await this.#flow.requestKeyframe();
  }

  /** The raw producer went. */
  onEnded(listener: () => void): void {
    this.#flow.onEnded(listener);
  }

  /** Idempotent. Closes both ways, and with them the producer in the room router. */
  close(): void {
    this.#flow.close();
    this.#back.close();
  }
}

function producing({
  mimeType,
  payloadType,
  ssrc,
  cname,
}: OutputDescription): types.ProducerOptions {
  return {
    kind: 'video',
    // One keyframe serves every viewer that asked within this time.
    keyFrameRequestDelay: 300,
    rtpParameters: {
      codecs: [
        {
          mimeType,
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
      rtcp: { cname },
    },
  };
}
