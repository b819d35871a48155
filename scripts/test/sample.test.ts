import { join } from 'node:path';
import type { Detection, Detector, RawFrame } from '@drape/anonymizer/core';
import { openDetectors, openVideoSource } from '@drape/anonymizer/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutAt, frameCount } from '../sample/frames.ts';
import { makeSample } from '../sample/make.ts';
import { temporaryRoot } from './support/workplace.ts';

/** One frame inside the body, the first outside, and the last. */
const lookedAt = [cutAt / 2, cutAt, frameCount - 1];

let detectors: Detector[];
beforeAll(async () => {
  detectors = await openDetectors(['face-centerface', 'text-ppocr', 'code-zxing'], { threads: 1 });
});
afterAll(async () => {
  await Promise.all(detectors.map((detector) => detector.close()));
});

test("the sample shows a face, a patient's data and a code, and they are found", async () => {
  const path = join(temporaryRoot(), 'deep', 'sample.mp4');
  await makeSample(path);
  const found = new Map<number, Detection[]>();
  let frames = 0;
  await using source = await openVideoSource(path);
  for await (const frame of source.frames()) {
    if (lookedAt.includes(frame.info.index)) found.set(frame.info.index, await look(frame));
    frames += 1;
    frame.close();
  }
  expect(frames).toBe(frameCount);
  expect(source.info).toMatchObject({ widthPx: 1280, heightPx: 720 });
  const count = (index: number, cls: string) =>
    found.get(index)?.filter((detection) => detection.cls === cls && detection.score > 0.5).length;
  expect(lookedAt.map((index) => count(index, 'face'))).toEqual([0, 1, 1]);
  for (const index of lookedAt) {
    expect(count(index, 'code')).toBe(1);
    expect(count(index, 'text')).toBeGreaterThanOrEqual(6);
  }
});

async function look(frame: RawFrame): Promise<Detection[]> {
  const looks = await Promise.all(detectors.map((detector) => detector.look(frame)));
  return looks.flatMap(({ detections }) => detections);
}
