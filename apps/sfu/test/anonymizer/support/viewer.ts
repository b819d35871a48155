import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { I420Planes } from '@drape/anonymizer/core';
import { LiveDecoder } from '@drape/anonymizer/node';
import { H264Depacketizer } from '../../../src/anonymizer/rtp/h264-depacketizer.ts';
import { ReorderBuffer } from '../../../src/anonymizer/rtp/reorder-buffer.ts';
import { pictureLoss } from '../../../src/anonymizer/rtp/rtcp-reports.ts';
import { RtpReceiver } from '../../../src/anonymizer/rtp/rtp-receiver.ts';
import type { AccessUnit } from '../../../src/anonymizer/rtp/access-unit.ts';
import { tokensOf } from './scene.ts';

export const SINK = { payloadType: 103, ssrc: 0xc0de, cname: 'covered' } as const;

export interface Seen {
  /** `performance.now()` when its last packet came. */
  readonly atMs: number;
  readonly ptsTicks: number;
  readonly isKey: boolean;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Read in the picture: what must never be. */
  readonly secret?: number;
  /** Read in the picture where it was not covered whole. */
  readonly number?: number;
}

/** Decodes what an anonymizer sends, as a browser would, and reads both tokens on each picture. */
export class Viewer {
  readonly seen: Seen[] = [];
  /** Everything that came, decodable or not. */
  datagrams = 0;
  readonly #socket: Socket;
  readonly #decoder: LiveDecoder;
  readonly #receiver = new RtpReceiver(SINK);
  readonly #reorder = new ReorderBuffer({ maxWaitMs: 50, maxPackets: 200 });
  readonly #depacketizer = new H264Depacketizer();
  #from: RemoteInfo | undefined;
  #working = Promise.resolve();
  #change = Promise.withResolvers<undefined>();

  readonly #inspect: (planes: I420Planes) => void;

  private constructor(socket: Socket, decoder: LiveDecoder, inspect: (planes: I420Planes) => void) {
    this.#inspect = inspect;
    this.#socket = socket;
    this.#decoder = decoder;
    socket.on('message', (datagram, from) => {
      this.datagrams += 1;
      this.#from = from;
      const received = this.#receiver.receive(datagram, performance.now());
      if (!received) return;
      for (const packet of this.#reorder.push(received.packet)) {
        for (const unit of this.#depacketizer.push(packet)) {
          this.#working = this.#working.then(() => this.#decode(unit));
        }
      }
    });
  }

  /** `inspect` sees every picture, right after it was decoded. */
  static async open(inspect: (planes: I420Planes) => void = () => undefined): Promise<Viewer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => {
      socket.bind(0, '127.0.0.1', resolve);
    });
    const timeBase = { num: 1, den: 90_000 };
    const decoder = await LiveDecoder.open('h264', { timeBase, threads: 1 });
    return new Viewer(socket, decoder, inspect);
  }

  get output() {
    return {
      ...SINK,
      mimeType: 'video/H264',
      ip: '127.0.0.1',
      port: this.#socket.address().port,
    } as const;
  }

  /** Asks for a keyframe, as a viewer that joins does. */
  requestKeyframe(): void {
    if (this.#from)
      this.#socket.send(pictureLoss(1, SINK.ssrc), this.#from.port, this.#from.address);
  }

  /** Resolves with the first picture, seen so far or later, for which `test` is true. */
  async until(test: (seen: Seen) => boolean): Promise<Seen> {
    for (let at = 0; ; at += 1) {
      while (at >= this.seen.length) await this.#change.promise;
      const one = this.seen[at];
      if (one && test(one)) return one;
    }
  }

  get secrets(): number[] {
    return this.seen.flatMap(({ secret }) => (secret === undefined ? [] : [secret]));
  }

  get numbers(): number[] {
    return this.seen.flatMap(({ number }) => (number === undefined ? [] : [number]));
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.#working;
    this.#decoder.close();
  }

  async #decode(unit: AccessUnit): Promise<void> {
    for (const frame of await this.#decoder.decode({ ...unit, pts: BigInt(unit.timestamp) })) {
      const { widthPx, heightPx } = frame.info;
      this.#inspect(frame.read());
      this.seen.push({
        atMs: unit.arrivalMs,
        ptsTicks: unit.timestamp,
        isKey: unit.isKey,
        widthPx,
        heightPx,
        ...tokensOf(frame.read()),
      });
      frame.close();
    }
    const { resolve } = this.#change;
    this.#change = Promise.withResolvers<undefined>();
    resolve(undefined);
  }
}
