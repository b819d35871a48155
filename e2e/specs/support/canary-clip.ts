import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Canvas } from '../../../scripts/sample/canvas.ts';
import { cut, draw, lay } from '../../../scripts/sample/canvas.ts';
import { encodeClip } from '../../../scripts/sample/encode.ts';
import { heightPx, person, room, widthPx } from '../../../scripts/sample/scenes.ts';
import { bitsOf } from '../../src/barcode/bits.ts';
import type { CellRow } from '../../src/barcode/row.ts';
import type { CameraFile } from '../../src/clip/camera-file.ts';
import { makeCameraFile } from '../../src/clip/camera-file.ts';

const VERSION = 1;
const FRAMES = 150;
const FRAMES_PER_SECOND = 25;
/** Where the drawn person stands, and where on the forehead the token is. */
const PERSON = { x: 380, y: 60 };
export const CANARY = 0xca7a4e;
export const CANARY_ROW: CellRow = {
  x: PERSON.x + 142,
  y: PERSON.y + 84,
  cellWidthPx: 4,
  heightPx: 14,
};
const TONES = { white: 225, black: 20 };

/** A clip whose only face carries a token: whoever can read it has seen the face. */
export interface CanaryClip extends CameraFile {
  readonly canary: { readonly number: number; readonly row: CellRow };
}

/** Draws the clip, once, and makes the fake camera's file of it. */
export async function canaryClip(cacheFolder: string): Promise<CanaryClip> {
  const path = join(cacheFolder, `canary-${VERSION}.mp4`);
  const camera = await makeCameraFile(path, { cacheFolder }).catch(async () => {
    await drawClip(path);
    return makeCameraFile(path, { cacheFolder });
  });
  return { ...camera, canary: { number: CANARY, row: CANARY_ROW } };
}

export async function drawClip(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  try {
    await encodeClip(part, {
      widthPx,
      heightPx,
      framesPerSecond: FRAMES_PER_SECOND,
      tags: {},
      frames: frames(),
    });
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

async function* frames(): AsyncGenerator<Buffer> {
  const [theatre, staff] = await Promise.all([draw(room), draw(person)]);
  for (let frame = 0; frame < FRAMES; frame++) {
    const canvas = cut(theatre, { x: 0, y: 0, widthPx, heightPx });
    lay(canvas, staff, PERSON);
    drawToken(canvas);
    // Something moves, so that the encoder has work to do in every frame.
    box(canvas, { x: 60 + 6 * frame, y: 640, w: 60, h: 40 }, 90 + (frame % 100));
    yield canvas.pixels;
  }
}

function drawToken(canvas: Canvas): void {
  for (const [cell, bit] of bitsOf(CANARY).entries()) {
    const x = CANARY_ROW.x + cell * CANARY_ROW.cellWidthPx;
    const place = { x, y: CANARY_ROW.y, w: CANARY_ROW.cellWidthPx, h: CANARY_ROW.heightPx };
    box(canvas, place, bit ? TONES.white : TONES.black);
  }
}

function box(
  canvas: Canvas,
  place: { readonly x: number; readonly y: number; readonly w: number; readonly h: number },
  grey: number,
): void {
  for (let y = place.y; y < place.y + place.h; y++) {
    const from = (y * canvas.widthPx + place.x) * 3;
    canvas.pixels.fill(grey, from, from + place.w * 3);
  }
}
