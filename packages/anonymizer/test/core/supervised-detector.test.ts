import { describe, expect, it } from 'vitest';
import {
  DetectorError,
  SupervisedDetector,
  type After,
  type Detector,
  type DetectorErrorReason,
  type Look,
} from '@drape/anonymizer/core';
import { blankPlanes, drawFrame, fakeDetector } from '@drape/anonymizer/testing';

/** Time that stands still until it is told to go on. */
function handClock() {
  let nowMs = 0;
  let waiting: { atMs: number; act: () => void }[] = [];
  const after: After = (ms, act) => {
    const entry = { atMs: nowMs + ms, act };
    waiting.push(entry);
    return () => {
      waiting = waiting.filter((other) => other !== entry);
    };
  };
  return {
    clock: { nowMs: () => nowMs, after },
    pass: async (ms: number): Promise<void> => {
      nowMs += ms;
      const due = waiting.filter(({ atMs }) => atMs <= nowMs);
      waiting = waiting.filter(({ atMs }) => atMs > nowMs);
      for (const { act } of due) act();
      // Opening again takes a few turns of promises.
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    },
  };
}

function failing(reason: DetectorErrorReason): Detector {
  return {
    ...fakeDetector(),
    look: () => Promise.reject(new DetectorError('fake', reason)),
  };
}

const frame = () => drawFrame(blankPlanes({ widthPx: 32, heightPx: 18 }));

async function open(first: Detector, ...later: (Detector | 'fails')[]) {
  const { clock, pass } = handClock();
  const queue = [first, ...later];
  const opening = (): Promise<Detector> => {
    const next = queue.shift();
    if (next === undefined || next === 'fails') {
      return Promise.reject(new DetectorError('fake', 'process-died'));
    }
    return Promise.resolve(next);
  };
  const detector = await SupervisedDetector.open({
    open: opening,
    clock,
    warmUps: 1,
    warmLimitMs: 1000,
    hangsMs: 8000,
  });
  return { detector, pass };
}

describe('SupervisedDetector', () => {
  it('opens a detector that died again, and fails its looks meanwhile', async () => {
    const { detector, pass } = await open(failing('process-died'), fakeDetector());
    await expect(detector.look(frame())).rejects.toMatchObject({ reason: 'process-died' });
    expect(detector.isUp).toBe(false);
    await expect(detector.look(frame())).rejects.toMatchObject({ reason: 'process-died' });
    await pass(0);
    expect(detector.isUp).toBe(true);
    await expect(detector.look(frame())).resolves.toEqual({ detections: [], saturated: [] });
  });

  it('ends one that gives no answer for eight seconds, and not before', async () => {
    const hanging = { ...fakeDetector(), look: () => new Promise<Look>(() => undefined) };
    const { detector, pass } = await open(hanging, fakeDetector());
    const giveUp = async (afterMs: number): Promise<void> => {
      const abort = new AbortController();
      const looking = detector.look(frame(), { signal: abort.signal });
      await pass(afterMs);
      abort.abort();
      await expect(looking).rejects.toMatchObject({ reason: 'aborted' });
    };
    await giveUp(4000);
    expect(detector.isUp).toBe(true);
    await expect(detector.look(frame())).rejects.toMatchObject({ reason: 'timeout' });
    expect(detector.isUp).toBe(true);
    await pass(4000);
    await expect(detector.look(frame())).rejects.toMatchObject({ reason: 'timeout' });
    expect(detector.isUp).toBe(false);
    await pass(0);
    expect(detector.isUp).toBe(true);
  });

  it('keeps one whose answers only come too late for their frames', async () => {
    const slow = fakeDetector({ answers: 'by-hand' });
    const { detector, pass } = await open(slow, fakeDetector());
    for (let round = 0; round < 5; round++) {
      const abort = new AbortController();
      const looking = detector.look(frame(), { signal: abort.signal });
      await pass(4000);
      abort.abort();
      await expect(looking).rejects.toMatchObject({ reason: 'aborted' });
      slow.pending[0]?.resolve();
      await pass(1000);
    }
    expect(detector.isUp).toBe(true);
  });

  it('goes on with one that fails on a picture, not with one that fails on every picture', async () => {
    const { detector } = await open(failing('inference-failed'));
    for (let look = 0; look < 4; look++) {
      await expect(detector.look(frame())).rejects.toMatchObject({ reason: 'inference-failed' });
    }
    expect(detector.isUp).toBe(true);
    await expect(detector.look(frame())).rejects.toMatchObject({ reason: 'inference-failed' });
    expect(detector.isUp).toBe(false);
  });

  it('waits longer before each attempt', async () => {
    const { detector, pass } = await open(
      failing('process-died'),
      'fails',
      'fails',
      fakeDetector(),
    );
    await expect(detector.look(frame())).rejects.toThrow();
    await pass(0);
    await pass(499);
    expect(detector.isUp).toBe(false);
    await pass(1);
    await pass(999);
    expect(detector.isUp).toBe(false);
    await pass(1);
    expect(detector.isUp).toBe(true);
  });

  it('takes no other weights than those that were attested', async () => {
    const other = { ...fakeDetector(), info: { ...fakeDetector().info, models: [] } };
    const { detector, pass } = await open(failing('process-died'), other);
    await expect(detector.look(frame())).rejects.toThrow();
    await pass(0);
    expect(detector.isUp).toBe(false);
  });

  it('answers several looks that are under way at once', async () => {
    const slow = fakeDetector({ answers: 'by-hand' });
    const { detector } = await open(slow);
    const looks = [detector.look(frame()), detector.look(frame())];
    for (const pending of [...slow.pending]) pending.resolve();
    await expect(Promise.all(looks)).resolves.toHaveLength(2);
  });

  it('opens nothing any more once it is closed', async () => {
    const { detector, pass } = await open(failing('process-died'), fakeDetector());
    await expect(detector.look(frame())).rejects.toThrow();
    await detector.close();
    await pass(10_000);
    expect(detector.isUp).toBe(false);
    await expect(detector.look(frame())).rejects.toMatchObject({ reason: 'closed' });
  });
});
