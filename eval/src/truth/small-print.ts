import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Box } from '@drape/anonymizer/core';
import sharp from 'sharp';
import type { StillUnit, TruthBox } from './truth.ts';

const SIZE = { widthPx: 1920, heightPx: 1080 };
/** Nobody's data: as recorders write it, in letters of 12 to 30 pixels. */
const LINES = [
  'NAME: KIM MINSU',
  '2024-05-12 14:33:07',
  'ID 00482913',
  'DOB 12.03.1961',
  'Dr. Hong, 67 F',
  '홍길동 1961-03-12',
  '서울병원 3수술실',
  '환자번호 482913',
];
const SIZES_PX = [12, 14, 16, 18, 20, 24, 30];
const COLOURS = ['#ffffff', '#ffff40', '#d0d0d0', '#40ff80'];
const LINES_EACH = 10;
/** Between two lines, in pixels: they are told apart. */
const APART_PX = 30;

const fontFile = (subset: 'latin' | 'korean'): string =>
  fileURLToPath(
    import.meta.resolve(
      `@fontsource/nanum-gothic-coding/files/nanum-gothic-coding-${subset}-700-normal.woff`,
    ),
  );

interface DrawnLine {
  readonly input: Buffer;
  readonly left: number;
  readonly top: number;
  readonly box: Box;
}

/** Lehmer's generator (Park and Miller, 1988): the same lines in every run. */
function dice(seed: number): (limit: number) => number {
  let state = seed * 7919 + 1;
  return (limit) => {
    state = (state * 48271) % 2147483647;
    return Math.floor((state / 2147483647) * limit);
  };
}

/** A line's pixels on nothing, as tight as it is. */
async function drawLine(below: (limit: number) => number): Promise<Buffer> {
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const line = pick(LINES);
  const sizePx = pick(SIZES_PX);
  const text = {
    text: `<span foreground="${pick(COLOURS)}">${line}</span>`,
    font: `Nanum Gothic Coding Bold ${sizePx}`,
    fontfile: fontFile(/[가-힣]/.test(line) ? 'korean' : 'latin'),
    rgba: true,
    // One point is then one pixel.
    dpi: 72,
  };
  return sharp({ text }).png().toBuffer();
}

async function drawLines(seed: number): Promise<DrawnLine[]> {
  const below = dice(seed + 1);
  const lines: DrawnLine[] = [];
  for (let at = 0; at < LINES_EACH; at++) {
    const input = await drawLine(below);
    const { width: w, height: h } = await sharp(input).metadata();
    const left = APART_PX + below(SIZE.widthPx - w - 2 * APART_PX);
    const top = APART_PX + below(SIZE.heightPx - h - 2 * APART_PX);
    const box = { x: left, y: top, w, h };
    if (lines.every((other) => isApart(other.box, box))) lines.push({ input, left, top, box });
  }
  return lines;
}

function isApart(a: Box, b: Box): boolean {
  const acrossPx = Math.max(a.x, b.x) - Math.min(a.x + a.w, b.x + b.w);
  const downPx = Math.max(a.y, b.y) - Math.min(a.y + a.h, b.y + b.h);
  return acrossPx >= APART_PX || downPx >= APART_PX;
}

/** The pictures at 1920×1080 with small lines of text drawn on them, kept in `folder`. */
export async function smallPrint(
  pictures: readonly StillUnit[],
  folder: string,
): Promise<StillUnit[]> {
  await mkdir(folder, { recursive: true });
  const units: StillUnit[] = [];
  for (const [seed, picture] of pictures.entries()) {
    const lines = await drawLines(seed);
    const name = `${seed}-${basename(picture.path)}.png`;
    const path = join(folder, name);
    const { widthPx, heightPx } = SIZE;
    const drawn = await sharp(picture.path)
      .resize(widthPx, heightPx, { fit: 'cover' })
      .composite([...lines])
      .png()
      .toBuffer();
    await writeFile(path, drawn);
    const boxes = lines.map(({ box }): TruthBox => ({ kind: 'text', visibility: 'clear', box }));
    units.push({ kind: 'still', name, path, turnDeg: 0, source: picture.source, boxes });
  }
  return units;
}
