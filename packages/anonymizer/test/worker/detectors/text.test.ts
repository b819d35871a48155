import { afterEach, describe, expect, it } from 'vitest';
import type { Detector } from '@drape/anonymizer/core';
import { openPythonDetectors } from '@drape/anonymizer/node';
import { drawFrame } from '@drape/anonymizer/testing';
import { withoutPython } from '../fixtures.ts';
import { LINES, overlay } from './overlay.ts';
import { codedBox, coverage, turnedBack } from './pictures.ts';

const open: Detector[] = [];
const logged: unknown[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((detector) => detector.close()));
});

async function openText(): Promise<Detector> {
  const options = { onLog: (event: unknown) => logged.push(event) };
  const [detector] = await openPythonDetectors(['text-tesseract'], options);
  if (!detector) throw new Error('no detector');
  open.push(detector);
  return detector;
}

describe.skipIf(withoutPython)('text-tesseract', () => {
  it.each([0, 90, 180, 270] as const)('finds Korean and English lines at %i°', async (turn) => {
    const detector = await openText();
    const { planes, boxes } = await overlay();
    const frame = drawFrame(turnedBack(planes, turn), { rotationDeg: turn });
    const look = await detector.look(frame);
    const upright = { w: planes.widthPx, h: planes.heightPx };
    const covered = boxes.map((box) =>
      coverage(look, codedBox(box, upright, turn), detector.info.steps.high),
    );
    covered.forEach((share) => {
      expect(share).toBeGreaterThanOrEqual(0.95);
    });
    expect(look.saturated).toEqual([]);
  });

  it('lets no string out: not in the look, the info, an error or a log', async () => {
    const detector = await openText();
    const { planes } = await overlay();
    const look = await detector.look(drawFrame(planes));
    expect(look.detections.length).toBeGreaterThanOrEqual(LINES.length);
    const told = JSON.stringify([look, detector.info, logged]);
    for (const text of ['홍길동', '서울', '20240315', 'MINJUN', '1972']) {
      expect(told).not.toContain(text);
    }
    const keys = new Set(look.detections.flatMap((detection) => Object.keys(detection)));
    expect([...keys].sort()).toEqual(['box', 'cls', 'score']);
  });

  it('reads a line that stands still once', async () => {
    const detector = await openText();
    const { planes } = await overlay();
    const time = async (): Promise<number> => {
      const startedAt = performance.now();
      await detector.look(drawFrame(planes));
      return performance.now() - startedAt;
    };
    const first = await time();
    const again = Math.min(await time(), await time(), await time());
    expect(again).toBeLessThan(first);
  });

  it('names its language data by hash', async () => {
    const { info } = await openText();
    expect(info.models.map(({ id }) => id)).toEqual(['tesseract kor', 'tesseract eng']);
  });
});
