import { randomInt } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { CodedUnit, LiveCodec } from '@drape/anonymizer/node';
import { isRtcp } from 'rtp.js/packets';
import type { AccessUnit, Depacketizer } from '../rtp/access-unit.ts';
import { H264Depacketizer } from '../rtp/h264-depacketizer.ts';
import { MediaClock } from '../rtp/media-clock.ts';
import { ReorderBuffer, type OrderedPacket } from '../rtp/reorder-buffer.ts';
import { pictureLoss } from '../rtp/rtcp-reports.ts';
import { RtpReceiver } from '../rtp/rtp-receiver.ts';
import { Vp8Depacketizer } from '../rtp/vp8-depacketizer.ts';

/** A keyframe of 1080p comes at once: the usual 208 KiB overflow (measured at 1080p30). */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** Retransmissions on the publisher's way take a round trip; longer, a keyframe is asked for. */
const REORDER = { maxWaitMs: 80, maxPackets: 512 };
const EXPIRE_EVERY_MS = 10;
/** Between two requests for a keyframe. */
const KEYFRAME_REQUEST_MS = 300;

/** A coded picture with the time at which its last packet came. */
export interface ArrivedUnit extends CodedUnit {
  readonly arrivalMs: number;
}

export interface RtpInputOptions {
  readonly codec: LiveCodec;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly ssrc: number | undefined;
  readonly ip: string;
  readonly onUnit: (unit: ArrivedUnit) => void;
  /** Told along with each request that goes out to the sender. */
  readonly onKeyframeRequest: () => void;
}

/** Listens for one RTP stream and gives its coded pictures. RTCP shares the port. */
export class RtpInput {
  readonly #options: RtpInputOptions;
  readonly #socket: Socket;
  readonly #receiver: RtpReceiver;
  readonly #reorder = new ReorderBuffer(REORDER);
  readonly #depacketizer: Depacketizer;
  readonly #clock: MediaClock;
  readonly #ssrc = randomInt(1, 0xffff_ffff);
  readonly #timer: NodeJS.Timeout;
  #sender: RemoteInfo | undefined;
  #requestedMs = -Infinity;
  #closed = false;

  private constructor(options: RtpInputOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    this.#receiver = new RtpReceiver(options);
    this.#clock = new MediaClock(options.clockRate);
    this.#depacketizer = options.codec === 'h264' ? new H264Depacketizer() : new Vp8Depacketizer();
    socket.on('message', this.#onDatagram);
    // Errors of a bound socket are about single datagrams (ICMP).
    socket.on('error', () => undefined);
    this.#timer = setInterval(() => {
      this.#deliver(this.#reorder.expire(performance.now()));
    }, EXPIRE_EVERY_MS);
  }

  /** Rejects with what `bind` fails with. */
  static async open(options: RtpInputOptions): Promise<RtpInput> {
    const socket = createSocket(options.ip.includes(':') ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, options.ip, () => {
        socket.off('error', reject);
        // Only in this callback: before it there is no descriptor.
        socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
        resolve();
      });
    });
    return new RtpInput(options, socket);
  }

  get address(): { readonly ip: string; readonly port: number } {
    const { address, port } = this.#socket.address();
    return { ip: address, port };
  }

  get counts(): { readonly packets: number; readonly lost: number; readonly foreign: number } {
    const { packets, foreign } = this.#receiver;
    return { packets, foreign, lost: this.#reorder.lost };
  }

  /** Asks the sender for a keyframe, unless that was done a moment ago. */
  requestKeyframe(): void {
    const now = performance.now();
    if (this.#closed || now - this.#requestedMs < KEYFRAME_REQUEST_MS) return;
    this.#requestedMs = now;
    const { ssrc } = this.#receiver;
    if (this.#sender && ssrc !== undefined) {
      const { port, address } = this.#sender;
      this.#socket.send(pictureLoss(this.#ssrc, ssrc), port, address);
    }
    this.#options.onKeyframeRequest();
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#socket.close();
  }

  readonly #onDatagram = (datagram: Buffer, from: RemoteInfo): void => {
    if (isRtcpDatagram(datagram)) return;
    const received = this.#receiver.receive(datagram, performance.now());
    if (!received) return;
    this.#sender = from;
    if (received.restarted) this.#reorder.reset();
    this.#deliver(this.#reorder.push(received.packet));
  };

  #deliver(packets: Iterable<OrderedPacket>): void {
    for (const packet of packets) {
      for (const unit of this.#depacketizer.push(packet)) this.#give(unit);
    }
  }

  #give(unit: AccessUnit): void {
    const pts = BigInt(this.#clock.next(unit.timestamp));
    this.#options.onUnit({ ...unit, pts });
  }
}

function isRtcpDatagram(datagram: Buffer): boolean {
  if (datagram.byteLength < 4) return false;
  return isRtcp(new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength));
}
