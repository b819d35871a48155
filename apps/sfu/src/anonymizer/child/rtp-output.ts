import { createSocket, type Socket } from 'node:dgram';
import { packetizeH264 } from '../rtp/h264-packetizer.ts';
import { parseFeedback } from '../rtp/rtcp-feedback.ts';
import { RtpSender } from '../rtp/rtp-sender.ts';

const CLOCK_RATE = 90_000;
const REPORT_EVERY_MS = 1000;
/** Datagrams that go out at once; the rest of a keyframe follows a millisecond later. */
const BURST = 48;
/** Datagrams that wait at most: more than the largest keyframe at 100 Mbit/s. */
const MAX_WAITING = 4096;

export interface RtpOutputOptions {
  readonly payloadType: number;
  readonly ssrc: number;
  readonly cname: string;
  readonly ip: string;
  readonly port: number;
  /** The receiver can't go on without a keyframe. */
  readonly onKeyframeWanted: () => void;
}

/** Sends one H.264 stream over RTP, with sender reports, and hears what its receiver asks for. */
export class RtpOutput {
  readonly #options: RtpOutputOptions;
  readonly #socket: Socket;
  readonly #sender: RtpSender;
  readonly #reports: NodeJS.Timeout;
  readonly #waiting: Uint8Array[] = [];
  #burst: NodeJS.Timeout | undefined;
  #closed = false;
  /** Datagrams for which there was no room. */
  dropped = 0;

  private constructor(options: RtpOutputOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    this.#sender = new RtpSender({ ...options, clockRate: CLOCK_RATE });
    socket.on('message', this.#onDatagram);
    // Nobody listens there any more (ICMP): whoever owns both ends hears of it elsewhere.
    socket.on('error', () => undefined);
    this.#reports = setInterval(() => {
      const report = this.#sender.report(performance.now(), Date.now());
      if (report) socket.send(report);
    }, REPORT_EVERY_MS);
  }

  /** Connected, so that only the receiver can speak to it. */
  static async open(options: RtpOutputOptions): Promise<RtpOutput> {
    const socket = createSocket(options.ip.includes(':') ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(options.port, options.ip, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    return new RtpOutput(options, socket);
  }

  /** Sends one picture in Annex B. Times keep their spacing. */
  send(picture: { readonly data: Uint8Array; readonly ptsUs: number }): void {
    if (this.#closed) return;
    const timestamp = Math.round((picture.ptsUs * CLOCK_RATE) / 1e6);
    const payloads = packetizeH264(picture.data);
    const packets = this.#sender.picture(payloads, timestamp, performance.now());
    if (this.#waiting.length + packets.length > MAX_WAITING) {
      this.dropped += packets.length;
      this.#options.onKeyframeWanted();
      return;
    }
    this.#waiting.push(...packets);
    if (!this.#burst) this.#flush();
  }

  /** Idempotent. What waits is not sent any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#reports);
    clearTimeout(this.#burst);
    this.#waiting.length = 0;
    this.#socket.close();
  }

  #flush(): void {
    this.#burst = undefined;
    for (const packet of this.#waiting.splice(0, BURST)) this.#socket.send(packet);
    if (this.#waiting.length === 0) return;
    this.#burst = setTimeout(() => {
      this.#flush();
    }, 1);
  }

  readonly #onDatagram = (datagram: Buffer): void => {
    const feedback = parseFeedback(datagram, this.#options.ssrc);
    if (!feedback) return;
    if (feedback.wantsKeyframe) this.#options.onKeyframeWanted();
    for (const sequence of feedback.missing) {
      const packet = this.#sender.again(sequence);
      if (packet) this.#socket.send(packet);
    }
  };
}
