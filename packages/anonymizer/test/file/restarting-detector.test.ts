import { DetectorError, RawFrame, type Detector } from '@drape/anonymizer/core';
import { fakeDetector, type FakeDetector } from '@drape/anonymizer/testing';
import { describe, expect, it } from 'vitest';
import { MemoryFrameBuffer } from '../../src/node/media/memory-frame-buffer.ts';
import { RestartingDetector } from '../../src/node/file/restarting-detector.ts';

function frame(index = 0): RawFrame {
  const size = { widthPx: 32, heightPx: 16 };
  const info = { index, ptsUs: index * 40_000, rotationDeg: 0, intact: true, ...size } as const;
  return new RawFrame(info, new MemoryFrameBuffer(size));
}

function dying(): FakeDetector {
  return fakeDetector({ see: () => 'process-died' });
}

/** What a look ends with: how many things it found, or why it failed. */
async function outcome(detector: Detector, at = 0): Promise<number | string> {
  try {
    return (await detector.look(frame(at))).detections.length;
  } catch (error) {
    return error instanceof DetectorError ? error.reason : 'another error';
  }
}

describe('RestartingDetector', () => {
  it('opens a detector again that died, and closes the dead one', async () => {
    const dead = dying();
    const detector = new RestartingDetector(dead, () => Promise.resolve(fakeDetector()));
    expect(await outcome(detector)).toBe('process-died');
    expect(await outcome(detector)).toBe(0);
    expect(dead.closed).toBe(true);
    await detector.close();
  });

  it('lets looks wait for the restart with a copy of their frame', async () => {
    const opening = Promise.withResolvers<Detector>();
    const detector = new RestartingDetector(dying(), () => opening.promise);
    expect(await outcome(detector)).toBe('process-died');
    const waiting = frame(7);
    const look = detector.look(waiting);
    waiting.close();
    const fresh = fakeDetector();
    opening.resolve(fresh);
    expect((await look).detections).toEqual([]);
    expect(fresh.looked.map(({ index }) => index)).toEqual([7]);
    await detector.close();
  });

  it('lets no more looks wait than it has room for', async () => {
    const opening = Promise.withResolvers<Detector>();
    const detector = new RestartingDetector(dying(), () => opening.promise);
    expect(await outcome(detector)).toBe('process-died');
    const looks = Array.from({ length: 6 }, (_, index) => outcome(detector, index));
    expect(await looks.at(-1)).toBe('process-died');
    opening.resolve(fakeDetector());
    expect(await Promise.all(looks)).toEqual([0, 0, 0, 0, 'process-died', 'process-died']);
    await detector.close();
  });

  it('gives up after three restarts, until another file begins', async () => {
    let opened = 0;
    const detector = new RestartingDetector(dying(), () => {
      opened += 1;
      return Promise.resolve(dying());
    });
    for (let look = 0; look < 10; look++) expect(await outcome(detector)).toBe('process-died');
    expect(opened).toBe(3);
    detector.renew();
    await outcome(detector);
    await outcome(detector);
    expect(opened).toBeGreaterThan(3);
    await detector.close();
  });

  it('passes on why it could not be opened, and tries again', async () => {
    const first = Promise.withResolvers<Detector>();
    const answers = [first.promise, Promise.resolve(fakeDetector())];
    const reopen = (): Promise<Detector> => answers.shift() ?? Promise.reject(new Error('no'));
    const detector = new RestartingDetector(dying(), reopen);
    expect(await outcome(detector)).toBe('process-died');
    const waiting = outcome(detector);
    first.reject(new DetectorError('fake', 'model-missing'));
    expect(await waiting).toBe('model-missing');
    expect(await outcome(detector)).toBe(0);
    await detector.close();
  });

  it('opens nothing any more once it is closed', async () => {
    let opened = 0;
    const detector = new RestartingDetector(dying(), () => {
      opened += 1;
      return Promise.resolve(fakeDetector());
    });
    await detector.close();
    expect(await outcome(detector)).toBe('closed');
    expect(opened).toBe(0);
  });
});
