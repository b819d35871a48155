import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CELLS, numberOf } from '../src/barcode/bits.ts';
import type { CellRow } from '../src/barcode/row.ts';
import type { CameraFile } from '../src/clip/camera-file.ts';
import { makeCameraFile, stripHeight } from '../src/clip/camera-file.ts';
import { openClip } from '../src/clip/decode.ts';
import { encodeRecording } from '../src/record/encode.ts';
import { openReceiver } from '../src/record/receive.ts';
import { makeClip } from './clip.ts';

const SIZE = { widthPx: 320, heightPx: 180 };
const FRAMES = 12;
let folder = '';
let camera: CameraFile;

/** A ramp that moves: every picture and every place is different. */
const lumaOf = (frame: number, x: number, y: number): number =>
  30 + ((x + 2 * y + 5 * frame) % 180);

function cells(luma: Uint8Array, stridePx: number, row: CellRow): number[] {
  const y = row.y + row.heightPx / 2;
  return Array.from({ length: CELLS }, (_, cell) => {
    const from = y * stridePx + row.x + cell * row.cellWidthPx;
    const inner = luma.subarray(from + 2, from + row.cellWidthPx - 2);
    return inner.reduce((sum, value) => sum + value, 0) / inner.length;
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drape-e2e-'));
  const clip = join(folder, 'clip.mp4');
  await makeClip(clip, { ...SIZE, frames: FRAMES, framesPerSecond: 20, lumaOf });
  camera = await makeCameraFile(clip, { cacheFolder: folder });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the camera file', () => {
  it('is the clip with a strip below it that carries the number of each frame', async () => {
    expect(camera).toMatchObject({ ...SIZE, stripPx: 28, framesPerSecond: 20, frames: FRAMES });
    const file = await readFile(camera.path);
    const head = 'YUV4MPEG2 W320 H208 F20000:1000 Ip A1:1 C420\n';
    expect(file.subarray(0, head.length).toString()).toBe(head);
    const frameBytes = (320 * 208 * 3) / 2;
    expect(file.length).toBe(head.length + FRAMES * ('FRAME\n'.length + frameBytes));
    for (let at = 0; at < FRAMES; at++) {
      const from = head.length + at * (6 + frameBytes) + 6;
      const luma = file.subarray(from, from + 320 * 208);
      expect(numberOf(cells(luma, 320, camera.row))).toBe(at);
      // Nothing of the picture is lost, down to its last row.
      expect(Math.abs((luma[179 * 320 + 100] ?? 0) - lumaOf(at, 100, 179))).toBeLessThan(12);
    }
  });

  it('is made of whole macroblocks', () => {
    expect([720, 1080, 480, 360, 300].map((height) => height + stripHeight(height))).toEqual([
      736, 1104, 496, 384, 320,
    ]);
  });

  it('is kept for the next time, and refused for what is no clip', async () => {
    const again = await makeCameraFile(join(folder, 'clip.mp4'), { cacheFolder: folder });
    expect(again).toEqual(camera);
    const text = join(folder, 'text.mp4');
    await writeFile(text, 'no clip');
    await expect(makeCameraFile(text, { cacheFolder: folder })).rejects.toMatchObject({
      reason: 'clip-unusable',
    });
  });
});

describe('the recording', () => {
  it('keeps pictures within a step or two of luma, each with its time', async () => {
    const raw = join(folder, 'raw');
    const bytes = (320 * 208 * 3) / 2;
    const file = await readFile(camera.path);
    const skip = file.indexOf('FRAME\n');
    const out = await open(raw, 'w');
    const pictures = [];
    for (let at = 0; at < FRAMES; at++) {
      const from = skip + at * (6 + bytes) + 6;
      await out.write(file, from, bytes, at * bytes);
      const ptsUs = at * 40_000 + (at % 2) * 7000;
      pictures.push({ at: at * bytes, widthPx: 320, heightPx: 208, format: 'I420', ptsUs });
    }
    await out.close();
    const path = join(folder, 'viewer.mp4');
    await encodeRecording(raw, path, { pictures, size: { widthPx: 320, heightPx: 208 } });
    const clip = await openClip(path);
    let at = 0;
    let worst = 0;
    for await (const frame of clip.frames()) {
      const luma = frame.data?.[0];
      const stride = frame.linesize[0] ?? 0;
      expect(numberOf(cells(luma ?? new Uint8Array(), stride, camera.row))).toBe(at);
      const from = skip + at * (6 + bytes) + 6;
      for (let x = 0; x < 320; x++) {
        const difference = Math.abs(
          (luma?.[90 * stride + x] ?? 0) - (file[from + 90 * 320 + x] ?? 0),
        );
        worst = Math.max(worst, difference);
      }
      at++;
    }
    await clip.close();
    expect(at).toBe(FRAMES);
    expect(worst).toBeLessThanOrEqual(4);
  });

  it('takes what a page posts, however large', async () => {
    const path = join(folder, 'posted');
    const body = new Uint8Array(3_000_000).fill(7);
    await using receiver = await openReceiver(path);
    const answer = await fetch(receiver.url, { method: 'POST', body });
    expect(answer.status).toBe(204);
    expect((await readFile(path)).equals(body)).toBe(true);
  });
});
