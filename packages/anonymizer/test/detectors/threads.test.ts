import { describe, expect, it } from 'vitest';
import { DetectorError, type Look } from '@drape/anonymizer/core';
import { openDetectors } from '@drape/anonymizer/node';
import { blankPlanes, drawFrame } from '@drape/anonymizer/testing';
import { openOne } from './open-one.ts';

describe('openDetectors()', () => {
  it('rejects with DetectorError model-missing for an id that nobody has, naming those there are', async () => {
    const opening = openDetectors(['code-zxing', 'face-nobody'], { threads: 1 });
    await expect(opening).rejects.toMatchObject({
      name: 'DetectorError',
      reason: 'model-missing',
      detectorId: 'face-nobody',
      message: expect.stringContaining('face-centerface') as string,
    });
  });

  it('opens nothing for nothing', async () => {
    expect(await openDetectors([], { threads: 1 })).toEqual([]);
  });

  it('names the weights that it runs, for the timeline', async () => {
    const face = await openOne('face-centerface');
    const ids = face.info.models.map(({ id }) => id.split(' ')[0]);
    await face.close();
    expect(ids).toEqual(['face-centerface', 'face-judge']);
  });
});

describe('a detector in a thread', () => {
  it('bounds the looks that wait, and answers those it took', async () => {
    const detector = await openOne('code-zxing');
    const frame = drawFrame(blankPlanes({ widthPx: 64, heightPx: 64 }));
    const looks = Array.from({ length: 40 }, () => detector.look(frame));
    const settled = await Promise.allSettled(looks);
    await detector.close();
    const answered = settled.filter((one) => one.status === 'fulfilled');
    const refused = settled.filter((one) => one.status === 'rejected');
    expect(answered.length).toBe(16);
    for (const { value } of answered) {
      expect(value satisfies Look).toEqual({ detections: [], saturated: [] });
    }
    for (const { reason } of refused as { reason: unknown }[]) {
      expect(reason).toBeInstanceOf(DetectorError);
      expect(reason).toMatchObject({ reason: 'inference-failed' });
    }
  });

  it('drops an aborted look that still waits, and goes on with the others', async () => {
    const detector = await openOne('code-zxing');
    const frame = drawFrame(blankPlanes({ widthPx: 640, heightPx: 360 }));
    const abort = new AbortController();
    const first = detector.look(frame);
    const second = detector.look(frame);
    const third = detector.look(frame, { signal: abort.signal });
    const fourth = detector.look(frame);
    abort.abort();
    await expect(third).rejects.toMatchObject({ reason: 'aborted' });
    expect(await Promise.all([first, second, fourth])).toHaveLength(3);
    await detector.close();
  });
});
