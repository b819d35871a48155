import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Box, I420Planes } from '@drape/anonymizer/core';
import { openVideoSource } from '@drape/anonymizer/node';
import { describe, expect, it } from 'vitest';
import { packetizeH264 } from '../../src/anonymizer/rtp/h264-packetizer.ts';
import { RtpSender } from '../../src/anonymizer/rtp/rtp-sender.ts';
import { anonymize } from './support/anonymize.ts';
import { PictureEncoder } from './support/picture-encoder.ts';
import { SOURCE } from './support/publisher.ts';
import { Viewer } from './support/viewer.ts';

/** An endoscopy with four burned-in lines for its first ten seconds, 1280×720. */
const CLIP = new URL('../../../../../shared/data/demo/demo_dev_720p.mp4', import.meta.url);
const LINES: readonly Box[] = [
  { x: 24, y: 35, w: 269, h: 23 },
  { x: 24, y: 70, w: 252, h: 25 },
  { x: 24, y: 106, w: 270, h: 19 },
  { x: 24, y: 141, w: 282, h: 19 },
];
const CODED = 40;
const SENT = 160;

async function codedPictures(): Promise<Uint8Array[]> {
  const encoder = await PictureEncoder.open('h264', { widthPx: 1280, heightPx: 720 });
  await using source = await openVideoSource(CLIP.pathname);
  const pictures: Uint8Array[] = [];
  for await (const raw of source.frames()) {
    const buffer = raw.take();
    const frame = buffer.frame.clone();
    buffer.close();
    if (frame) pictures.push(await encoder.encode(frame));
    if (pictures.length >= CODED) break;
  }
  encoder.close();
  return pictures;
}

/** Share of the box that shows the fill: magenta has both chroma planes far up. */
function filledShare(planes: I420Planes, { x, y, w, h }: Box): number {
  let filled = 0;
  let all = 0;
  for (let row = (y >> 1) + 1; row < (y + h) >> 1; row += 1) {
    for (let column = (x >> 1) + 1; column < (x + w) >> 1; column += 1) {
      all += 1;
      const u = planes.u[row * planes.strideU + column] ?? 0;
      const v = planes.v[row * planes.strideV + column] ?? 0;
      if (u > 170 && v > 170) filled += 1;
    }
  }
  return filled / all;
}

describe.skipIf(!existsSync(CLIP))('with the real detectors (needs ../shared/data)', () => {
  it('shows no line of burned-in text, from the first picture on', async () => {
    const pictures = await codedPictures();
    const least: number[] = [];
    let wholes = 0;
    const viewer = await Viewer.open((planes) => {
      least.push(Math.min(...LINES.map((line) => filledShare(planes, line))));
      if (filledShare(planes, { x: 0, y: 0, w: 1280, h: 720 }) > 0.95) wholes += 1;
    });
    const anonymizer = await anonymize(viewer, { child: 'real' });
    const socket = createSocket('udp4');
    const sender = new RtpSender({ ...SOURCE, cname: 'test', clockRate: 90_000 });
    for (let index = 0; index < SENT; index += 1) {
      const picture = pictures[index % pictures.length] ?? new Uint8Array();
      const { ip, port } = anonymizer.listen;
      for (const packet of sender.picture(packetizeH264(picture), index * 3600, 0)) {
        socket.send(packet, port, ip);
      }
      await sleep(40);
    }
    await anonymizer.close();
    await viewer.close();
    socket.close();
    expect(least.length).toBeGreaterThan(10);
    expect(Math.min(...least)).toBeGreaterThan(0.95);
    // How much was covered whole depends on the machine; it is shown, not judged.
    console.log(`${least.length} pictures, ${wholes} of them covered whole`);
  });
});
