import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  coveredShare,
  growBox,
  growBoxBy,
  type Box,
  type Detector,
  type RotationDeg,
} from '@drape/anonymizer/core';
import { openDetectors } from '@drape/anonymizer/node';
import { blankPlanes, drawFrame } from '@drape/anonymizer/testing';
import { openOne } from './open-one.ts';

const DATA = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const DETECTORS = ['face-centerface', 'face-turned', 'text-ppocr', 'code-zxing'];

// Real pictures, not the project's: see ../shared/data/README.md. Everything else is in `npm run eval`.
describe.skipIf(!existsSync(DATA))('the detectors on real pictures (needs ../shared/data)', () => {
  let detectors: Detector[] = [];

  beforeAll(async () => {
    detectors = await openDetectors(DETECTORS, { threads: 1 });
  });
  afterAll(() => Promise.all(detectors.map((detector) => detector.close())));

  /** What starts a track by itself, of all detectors, over a picture. */
  async function seen(file: string, rotationDeg: RotationDeg = 0): Promise<Record<string, Box[]>> {
    const frame = drawFrame(await readPlanes(`${DATA}/${file}`), { rotationDeg });
    const looks = await Promise.all(
      detectors.map(async (detector) => {
        const { detections, saturated } = await detector.look(frame);
        expect(saturated).toEqual([]);
        const sure = detections.filter(({ score }) => score >= detector.info.steps.high);
        return [detector.info.id, sure.map(({ box }) => box)] as const;
      }),
    );
    return Object.fromEntries(looks);
  }

  it('finds two masked faces over an operation', async () => {
    const found = await seen('faces_images/wider_surgeons/30_Surgeons_Surgeons_30_107.jpg');
    for (const face of [
      { x: 263, y: 372, w: 238, h: 205 },
      { x: 673, y: 314, w: 212, h: 222 },
    ]) {
      const covers = (found['face-centerface'] ?? []).map((box) =>
        coveredShare(face, growBox(box, 0.3)),
      );
      expect(Math.max(...covers)).toBeGreaterThan(0.9);
    }
  });

  it.each([90, 180, 270] as const)('finds a face displayed turned by %i degrees', async (turn) => {
    const file = 'faces_images/wider_surgeons/30_Surgeons_Surgeons_30_107.jpg';
    const found = (await seen(file, turn))['face-turned'] ?? [];
    const face = { x: 263, y: 372, w: 238, h: 205 };
    const covers = found.map((box) => coveredShare(face, growBox(box, 0.3)));
    expect(Math.max(...covers)).toBeGreaterThan(0.9);
  });

  it('finds whole heads under caps', async () => {
    const heads = await foundBy('head-centerface', '30_Surgeons_Surgeons_30_397.jpg');
    // Faces, and the caps above them.
    for (const face of [
      { x: 200, y: 100, w: 102, h: 192 },
      { x: 476, y: 60, w: 100, h: 208 },
      { x: 680, y: 120, w: 104, h: 180 },
    ]) {
      const covers = heads.map((box) => coveredShare(face, growBox(box, 0.12)));
      expect(Math.max(...covers)).toBeGreaterThan(0.9);
    }
  });

  it('finds the persons behind four faces', async () => {
    const persons = await foundBy('person-centernet', '30_Surgeons_Surgeons_30_8.jpg');
    for (const face of [
      { x: 306, y: 182, w: 58, h: 74 },
      { x: 412, y: 166, w: 68, h: 100 },
      { x: 588, y: 188, w: 62, h: 76 },
      { x: 706, y: 136, w: 54, h: 82 },
    ]) {
      const covers = persons.map((box) => coveredShare(face, growBox(box, 0.1)));
      expect(Math.max(...covers)).toBeGreaterThan(0.9);
    }
    // Whole: from over the head to the knees at least.
    const heights = persons.map((box) => box.h).sort((a, b) => b - a);
    expect(heights[3]).toBeGreaterThan(3 * 100);
  });

  it('finds name, date of birth, date and time on an endoscopy screen', async () => {
    const found = await seen('text/lx_endoscopy_overlay/frame1.jpg');
    for (const line of [
      { x: 77, y: 12, w: 270, h: 25 },
      { x: 76, y: 88, w: 50, h: 23 },
      { x: 85, y: 120, w: 101, h: 19 },
      { x: 76, y: 192, w: 144, h: 24 },
    ]) {
      const covers = (found['text-ppocr'] ?? []).map((box) =>
        coveredShare(line, growBoxBy(box, 4, 4)),
      );
      expect(Math.max(...covers)).toBeGreaterThan(0.95);
    }
    expect(found['face-centerface']).toEqual([]);
  });

  it.each([
    'surgical/sinus_1080p/00004584.jpg',
    'surgical/kvasir_no_text/cju2r2obh2bjm08553kng0rh7.jpg',
    'surgical/cvc612/fine_3_6_fram.jpg',
  ])('leaves %s alone', async (file) => {
    const found = await seen(file);
    expect(Object.values(found).flat()).toEqual([]);
  });
});

/** All that a detector which most profiles do not ask sees in a picture of surgeons. */
async function foundBy(id: string, name: string): Promise<Box[]> {
  const detector = await openOne(id);
  try {
    const planes = await readPlanes(`${DATA}/faces_images/wider_surgeons/${name}`);
    const { detections } = await detector.look(drawFrame(planes));
    return detections.map(({ box }) => box);
  } finally {
    await detector.close();
  }
}

/** A picture as full-range BT.601 planes, as JPEG stores them. */
async function readPlanes(file: string) {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const size = { widthPx: width, heightPx: height };
  const planes = { ...blankPlanes(size), fullRange: true, matrix: 'bt601' as const };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3);
      planes.y[y * planes.strideY + x] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
      const chroma = (y >> 1) * planes.strideU + (x >> 1);
      planes.u[chroma] = Math.round(128 - 0.168736 * r - 0.331264 * g + 0.5 * b);
      planes.v[chroma] = Math.round(128 + 0.5 * r - 0.418688 * g - 0.081312 * b);
    }
  }
  return planes;
}
