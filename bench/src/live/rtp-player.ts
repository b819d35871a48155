import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { packetizeH264 } from '../../../apps/sfu/src/anonymizer/rtp/h264-packetizer.ts';
import { RtpSender } from '../../../apps/sfu/src/anonymizer/rtp/rtp-sender.ts';

const CLOCK_RATE = 90_000;

export interface PlayOptions {
  readonly pictures: readonly Uint8Array[];
  readonly fps: number;
  readonly seconds: number;
  readonly to: { readonly ip: string; readonly port: number };
  readonly payloadType: number;
  readonly ssrc: number;
  readonly signal?: AbortSignal;
}

/** Plays coded pictures over RTP in real time, from the start again when they end. */
export async function playRtp(options: PlayOptions): Promise<void> {
  const { pictures, fps, seconds, to, payloadType, ssrc, signal } = options;
  const sender = new RtpSender({ payloadType, ssrc, cname: 'bench', clockRate: CLOCK_RATE });
  const socket = createSocket('udp4');
  const startedMs = performance.now();
  try {
    for (let index = 0; index < seconds * fps; index += 1) {
      signal?.throwIfAborted();
      const waitMs = startedMs + (index * 1000) / fps - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      const picture = pictures[index % pictures.length];
      if (!picture) return;
      const timestamp = Math.round((index * CLOCK_RATE) / fps);
      for (const packet of sender.picture(packetizeH264(picture), timestamp, performance.now())) {
        socket.send(packet, to.port, to.ip);
      }
    }
  } finally {
    socket.close();
  }
}
