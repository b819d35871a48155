import type { I420Planes } from '@drape/anonymizer/core';
import { openVideoSink, openVideoSource } from '@drape/anonymizer/node';
import { makeClip } from '../media/clip.ts';
import { sealed } from '../media/sealed.ts';

/** 34 cells in a row: white, black, 24 bits of an id, 8 bits of check. */
const CELLS = 34;
export const CELL = { widthPx: 16, heightPx: 32 };
export const TOKEN = { w: CELLS * CELL.widthPx, h: CELL.heightPx };

export interface Place {
  readonly x: number;
  readonly y: number;
}

function bitsOf(id: number): boolean[] {
  const check = ((id & 255) ^ ((id >> 8) & 255) ^ ((id >> 16) & 255) ^ 0x5a) & 255;
  const word = id.toString(2).padStart(24, '0') + check.toString(2).padStart(8, '0');
  return [true, false, ...Array.from(word, (bit) => bit === '1')];
}

export function paintToken(planes: I420Planes, id: number, { x, y }: Place): void {
  bitsOf(id).forEach((bit, cell) => {
    for (let row = y; row < y + CELL.heightPx; row++) {
      const start = row * planes.strideY + x + cell * CELL.widthPx;
      planes.y.fill(bit ? 235 : 16, start, start + CELL.widthPx);
    }
  });
}

/** The id, or undefined where there is no valid token at this place. */
export function readToken(planes: I420Planes, { x, y }: Place): number | undefined {
  const row = (y + CELL.heightPx / 2) * planes.strideY;
  const read = Array.from({ length: CELLS }, (_, cell) => {
    const from = row + x + cell * CELL.widthPx + CELL.widthPx / 4;
    let sum = 0;
    for (let at = from; at < from + CELL.widthPx / 2; at++) sum += planes.y[at] ?? 0;
    return sum / (CELL.widthPx / 2) > 126;
  });
  const id = read.slice(2, 26).reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0);
  const expected = bitsOf(id);
  return read.every((bit, cell) => bit === expected[cell]) ? id : undefined;
}

/** Encodes a clip of 640×360 at 25 frames a second with token number `i + 1` on frame i. */
export async function makeCanaryClip(
  path: string,
  options: { readonly frames: number; readonly placeOf: (index: number) => Place },
): Promise<void> {
  const plain = `${path}.plain.mp4`;
  await makeClip(plain, { widthPx: 640, heightPx: 360, frames: options.frames });
  await using source = await openVideoSource(plain);
  const sink = await openVideoSink(path, {
    info: source.info,
    preset: 'ultrafast',
    crf: 18,
    audio: 'drop',
    threads: 1,
  });
  for await (const frame of source.frames()) {
    const { index } = frame.info;
    const open = sealed(frame);
    paintToken(open.buffer.write(), index + 1, options.placeOf(index));
    await sink.write(open);
  }
  await sink.finish();
}

/** The token read on each frame of a clip, at the place where that frame had it. */
export async function tokensOf(
  path: string,
  placeOf: (index: number) => Place,
): Promise<(number | undefined)[]> {
  await using source = await openVideoSource(path);
  const tokens: (number | undefined)[] = [];
  for await (const frame of source.frames()) {
    tokens.push(readToken(frame.read(), placeOf(frame.info.index)));
    frame.close();
  }
  return tokens;
}
