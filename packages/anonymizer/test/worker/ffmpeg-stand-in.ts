// Does what the example in docs/examples asks of ffmpeg, where there is none: decodes a file to
// raw frames, or makes raw frames a file (Motion JPEG of the luma).
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { openVideoSource } from '@drape/anonymizer/node';
import { jpegClip } from './detectors/jpeg-avi.ts';

const args = process.argv.slice(2);
const after = (name: string): string => args[args.indexOf(name) + 1] ?? '';
const last = args.at(-1) ?? '';

if (last === 'pipe:1') {
  await using source = await openVideoSource(after('-i'));
  for await (const frame of source.frames()) {
    const { y, u, v, strideY, strideU, widthPx, heightPx } = frame.read();
    for (const [plane, stride, width] of [
      [y, strideY, widthPx],
      [u, strideU, widthPx / 2],
      [v, strideU, widthPx / 2],
    ] as const) {
      const rows = width === widthPx ? heightPx : heightPx / 2;
      const packed = Buffer.alloc(width * rows);
      for (let row = 0; row < rows; row++) {
        packed.set(plane.subarray(row * stride, row * stride + width), row * width);
      }
      if (!process.stdout.write(packed)) await once(process.stdout, 'drain');
    }
    frame.close();
  }
} else {
  const [widthPx = 0, heightPx = 0] = after('-s').split('x').map(Number);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const frameBytes = (widthPx * heightPx * 3) / 2;
  const lumas = Array.from({ length: bytes.length / frameBytes }, (_, index) =>
    bytes.subarray(index * frameBytes, index * frameBytes + widthPx * heightPx),
  );
  writeFileSync(last, await jpegClip(lumas, { widthPx, heightPx }));
}
