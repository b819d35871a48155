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
  for (const [index, detections] of found) {
    const count = (cls: string) => detections.filter((detection) => detection.cls === cls).length;
    expect(count('code')).toBeGreaterThanOrEqual(1);
    expect(count('text')).toBeGreaterThanOrEqual(6);
    if (index < cutAt) continue;
    const faceX = 590 + (index - cutAt) * 4;
    const centres = detections
      .filter(({ cls }) => cls === 'face')
      .map(({ box }) => [box.x + box.w / 2, box.y + box.h / 2]);
    expect(centres).toContainEqual([closeTo(faceX), closeTo(260)]);
  }
});

/** Within 50 px. */
function closeTo(px: number): unknown {
  return expect.closeTo(px, -2);
}

/** What is sure enough to be covered. */
async function look(frame: RawFrame): Promise<Detection[]> {
  const sure = detectors.map(async (detector) => {
    const { detections } = await detector.look(frame);
    return detections.filter(({ score }) => score >= detector.info.steps.high);
  });
  return (await Promise.all(sure)).flat();
}
