import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Box } from '@drape/anonymizer/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeStill } from '../src/decode/still.ts';
import { decodeVideo } from '../src/decode/video.ts';
import { grownTruthPixels, judgeFrame } from '../src/judge/frame.ts';
import { maskOfPlanes, maskOfRgb, paintedPixels, paintedShareOf } from '../src/judge/mask.ts';
import { toRgb } from '../src/pictures/rgb.ts';
import type { TruthBox } from '../src/truth/truth.ts';
import type { DrawnSpace } from './drawn.ts';
import { drawnPlanes, paintBox } from './drawn.ts';
import { encode } from './encode.ts';

const size = { widthPx: 320, heightPx: 180 };
const face: Box = { x: 101, y: 53, w: 48, h: 60 };
const spaces: DrawnSpace[] = (['bt601', 'bt709', 'bt2020'] as const).flatMap((matrix) =>
  [false, true].map((fullRange) => ({ matrix, fullRange })),
);
const limited: DrawnSpace = { matrix: 'bt601', fullRange: false };

const clear = (box: Box): TruthBox => ({ kind: 'face', visibility: 'clear', box });

describe('judge on planes', () => {
  it.each(spaces)('finds nothing in a drawn picture ($matrix, full range $fullRange)', (space) => {
    expect(paintedPixels(maskOfPlanes(drawnPlanes(size, space)))).toBe(0);
  });

  it.each(spaces)('finds every painted pixel ($matrix, full range $fullRange)', (space) => {
    const planes = drawnPlanes(size, space);
    paintBox(planes, face);
    expect(paintedShareOf(maskOfPlanes(planes), face)).toBe(1);
  });

  it('counts a box that is painted 1 px short by that pixel', () => {
    const planes = drawnPlanes(size, limited);
    // The rim's chroma is painted (shared by two columns), its luma is far from the fill's.
    for (let row = 0; row < size.heightPx; row++) planes.y[row * planes.strideY + face.x] = 200;
    paintBox(planes, { ...face, x: face.x + 1, w: face.w - 1 });
    expect(paintedShareOf(maskOfPlanes(planes), face)).toBeCloseTo((face.w - 1) / face.w, 6);
  });

  it.each([
    { name: 'a violet drape', r: 150, g: 80, b: 190 },
    { name: 'a pink glove', r: 235, g: 120, b: 200 },
    { name: 'fluorescent dye', r: 190, g: 60, b: 200 },
    { name: 'a pale purple', r: 220, g: 90, b: 235 },
    { name: 'red', r: 255, g: 0, b: 0 },
    { name: 'blue', r: 0, g: 0, b: 255 },
  ])('does not take $name for paint', ({ r, g, b }) => {
    for (const space of spaces) {
      const planes = drawnPlanes(size, space);
      paintBox(planes, face, { r, g, b });
      expect(paintedPixels(maskOfPlanes(planes))).toBe(0);
    }
  });

  it('accepts the fill of either matrix where the file does not say which', () => {
    for (const matrix of ['bt601', 'bt709'] as const) {
      const planes = drawnPlanes(size, { matrix, fullRange: false });
      paintBox(planes, face);
      const silent = { ...planes, matrix: matrix === 'bt601' ? ('bt709' as const) : 'bt601' };
      const mask = maskOfPlanes({ ...silent, matrix: 'bt709' }, { matrixGuessed: true });
      expect(paintedShareOf(mask, face)).toBe(1);
    }
  });

  it('handles odd sizes and boxes that reach outside', () => {
    const odd = { widthPx: 33, heightPx: 21 };
    const planes = drawnPlanes(odd, limited);
    paintBox(planes, { x: 0, y: 0, w: 33, h: 21 });
    const mask = maskOfPlanes(planes);
    expect(paintedPixels(mask)).toBe(33 * 21);
    expect(paintedShareOf(mask, { x: -10, y: -4, w: 20, h: 20 })).toBe(1);
    expect(paintedShareOf(mask, { x: 40, y: 0, w: 5, h: 5 })).toBeUndefined();
  });
});

describe('judge on a frame', () => {
  it('covers a face from 90 % and a text from 95 % of its area', () => {
    const planes = drawnPlanes(size, limited);
    const box = { x: 40, y: 40, w: 100, h: 20 };
    paintBox(planes, { ...box, w: 92 });
    const mask = maskOfPlanes(planes);
    const text: TruthBox = { kind: 'text', visibility: 'clear', box };
    expect(judgeFrame(mask, [clear(box)])).toMatchObject({ exposed: false });
    expect(judgeFrame(mask, [text])).toMatchObject({ exposed: true });
  });

  it('is not exposed by a hard or an ignored face, and does not score the ignored one', () => {
    const mask = maskOfPlanes(drawnPlanes(size, limited));
    const judged = judgeFrame(mask, [
      { kind: 'face', visibility: 'hard', box: face },
      { kind: 'face', visibility: 'ignore', box: face },
    ]);
    expect(judged.exposed).toBe(false);
    expect(judged.boxes.map((box) => box.visibility)).toEqual(['hard']);
  });

  it('knows a picture that was covered whole', () => {
    const planes = drawnPlanes(size, limited);
    paintBox(planes, { x: 0, y: 0, w: size.widthPx, h: size.heightPx });
    expect(judgeFrame(maskOfPlanes(planes), [clear(face)])).toMatchObject({
      whole: true,
      exposed: false,
    });
  });

  it('measures what grown ground truth would paint without counting overlaps twice', () => {
    const box = { x: 100, y: 60, w: 20, h: 20 };
    expect(grownTruthPixels(size, [clear(box)])).toBe(32 * 32);
    expect(grownTruthPixels(size, [clear(box), clear(box)])).toBe(32 * 32);
  });
});

describe('judge on files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drape-judge-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    { preset: 'veryfast', crf: 20 },
    { preset: 'ultrafast', crf: 20 },
    { preset: 'veryfast', crf: 23 },
  ])('reads paint through x264 $preset crf $crf', async ({ preset, crf }) => {
    const path = join(folder, `${preset}-${crf}.mkv`);
    const frames = Array.from({ length: 12 }, (_, index) => {
      const planes = drawnPlanes(size, limited, index + 1);
      const box = { ...face, x: face.x + 3 * index };
      paintBox(planes, box);
      return { atMs: index * 40, planes, box };
    });
    await encode(path, frames, { preset, crf });
    let index = 0;
    for await (const frame of decodeVideo(path)) {
      const box = frames[index]?.box ?? face;
      const mask = maskOfPlanes(frame.planes, frame);
      expect(paintedShareOf(mask, box)).toBeGreaterThan(0.97);
      // What is beside the paint stays unpainted: a box one half off is half covered.
      const beside = { ...box, x: box.x + box.w / 2 };
      expect(paintedShareOf(mask, beside)).toBeLessThan(0.54);
      const inset = { x: box.x + 4, y: box.y + 4, w: box.w - 8, h: box.h - 8 };
      expect(paintedShareOf(mask, inset)).toBeGreaterThan(0.995);
      index++;
    }
    expect(index).toBe(frames.length);
  });

  it.each(['jpg', 'png', 'webp'])('reads paint in a %s still', async (extension) => {
    const planes = drawnPlanes(size, { matrix: 'bt601', fullRange: true });
    paintBox(planes, face);
    const { rgb } = toRgb(planes);
    const path = join(folder, `still.${extension}`);
    const raw = { width: size.widthPx, height: size.heightPx, channels: 3 as const };
    await sharp(rgb, { raw })
      .toFormat(extension === 'jpg' ? 'jpeg' : extension === 'png' ? 'png' : 'webp', {
        quality: 90,
      })
      .toFile(path);
    const mask = maskOfRgb(await decodeStill(path));
    expect(paintedShareOf(mask, face)).toBeGreaterThan(0.97);
    expect(paintedShareOf(mask, { ...face, x: 0, w: 90 })).toBe(0);
  });
});
