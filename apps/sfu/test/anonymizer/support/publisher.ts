import { createSocket, type Socket } from 'node:dgram';
import { packetizeH264 } from '../../../src/anonymizer/rtp/h264-packetizer.ts';
import { parseFeedback } from '../../../src/anonymizer/rtp/rtcp-feedback.ts';
import { RtpSender } from '../../../src/anonymizer/rtp/rtp-sender.ts';
import { PictureEncoder, type SourceCodec } from './picture-encoder.ts';
import { drawScene, SIZE } from './scene.ts';

export const SOURCE = { payloadType: 102, ssrc: 0x5eed } as const;
const CLOCK_RATE = 90_000;
const FRAME_MS = 40;
const VP8_PART_BYTES = 1100;

export interface PublisherOptions {
  readonly codec?: SourceCodec;
  readonly to: { readonly ip: string; readonly port: number };
  /** Is the secret in this frame? In all of them by default. */
  readonly secretIn?: (number: number) => boolean;
  readonly sizeOf?: (number: number) => typeof SIZE;
  /** What becomes of a datagram on its way; by default it arrives. */
  readonly onWay?: (datagram: Uint8Array, index: number) => readonly Uint8Array[];
}

/** Sends numbered scenes over RTP, 25 a second, and answers requests for a keyframe. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #socket: Socket;
  readonly #sender = new RtpSender({ ...SOURCE, cname: 'test', clockRate: CLOCK_RATE });
  #encoder: PictureEncoder | undefined;
  #size: typeof SIZE | undefined;
  #timer: NodeJS.Timeout | undefined;
  #working = Promise.resolve();
  #number = 0;
  #datagrams = 0;
  keyframeRequests = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#socket = createSocket('udp4');
    this.#socket.on('message', (datagram) => {
      if (parseFeedback(datagram, SOURCE.ssrc)?.wantsKeyframe !== true) return;
      this.keyframeRequests += 1;
      this.#encoder?.keyframe();
    });
    this.#timer = setInterval(() => {
      // Not more than one picture at a time, however slow the machine.
      this.#working = this.#working.then(() => this.#next());
    }, FRAME_MS);
  }

  /** Frames sent so far. */
  get frames(): number {
    return this.#number;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#working;
    this.#encoder?.close();
    this.#socket.close();
  }

  async #next(): Promise<void> {
    if (!this.#timer) return;
    const number = ++this.#number;
    const { codec = 'h264', to, secretIn = () => true, sizeOf = () => SIZE } = this.#options;
    const size = sizeOf(number);
    if (size !== this.#size) {
      this.#encoder?.close();
      this.#encoder = await PictureEncoder.open(codec, size);
      this.#size = size;
    }
    const picture = await this.#encoder?.encode(
      drawScene(number, { secret: secretIn(number), size }),
    );
    const payloads = codec === 'h264' ? packetizeH264(picture ?? new Uint8Array()) : vp8(picture);
    const timestamp = (number * FRAME_MS * CLOCK_RATE) / 1000;
    for (const datagram of this.#sender.picture(payloads, timestamp, performance.now())) {
      const arriving = this.#options.onWay?.(datagram, this.#datagrams++) ?? [datagram];
      for (const one of arriving) this.#socket.send(one, to.port, to.ip);
    }
  }
}

/** The plainest descriptor of RFC 7741: one partition. */
function vp8(picture: Uint8Array = new Uint8Array()): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < picture.byteLength; at += VP8_PART_BYTES) {
    parts.push(Uint8Array.of(at === 0 ? 0x10 : 0x00, ...picture.subarray(at, at + VP8_PART_BYTES)));
  }
  return parts;
}
