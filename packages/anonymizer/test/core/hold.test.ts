import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hold, Pipeline, type DetectorInfo } from '@drape/anonymizer/core';
import { FACE, faceProfile, testFrame } from './simulate.ts';

const LIMITS = { holdMs: 200, mostMs: 600 };

/** Looks that take `lagMs(second)`, five a second. */
function run(hold: Hold, seconds: number, lagMs: (second: number) => number): number[] {
  const holds: number[] = [];
  for (let at = 0; at < seconds * 5; at += 1) {
    hold.decided(at * 200_000, lagMs(at / 5));
    if (at % 5 === 4) holds.push(hold.ms);
  }
  return holds;
}

describe('Hold', () => {
  it('stays as asked for where frames are decided in time', () => {
    expect(new Set(run(new Hold(LIMITS), 20, () => 150))).toEqual(new Set([200]));
  });

  it('grows to what looks need, and no further', () => {
    const hold = new Hold(LIMITS);
    run(hold, 10, () => 350);
    expect(hold.ms).toBeGreaterThan(350);
    expect(hold.ms).toBeLessThan(400);
  });

  it('comes back when looks are fast again', () => {
    const hold = new Hold(LIMITS);
    const holds = run(hold, 40, (second) => (second < 10 ? 500 : 100));
    expect(Math.max(...holds)).toBeGreaterThan(500);
    expect(hold.ms).toBe(200);
  });

  it('takes no notice of one look that was late', () => {
    const hold = new Hold(LIMITS);
    run(hold, 20, (second) => (second === 10 ? 2000 : 150));
    expect(hold.ms).toBe(200);
  });

  it('never leaves its limits, and never changes where they are one', () => {
    const lags = fc.array(fc.double({ min: -100, max: 5000, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(lags, fc.constantFrom(200, 600), (list, mostMs) => {
        const hold = new Hold({ holdMs: 200, mostMs });
        list.forEach((ms, at) => hold.decided(at * 100_000, ms));
        expect(hold.ms).toBeGreaterThanOrEqual(200);
        expect(hold.ms).toBeLessThanOrEqual(mostMs);
      }),
    );
  });
});

describe('a live pipeline whose looks take longer than its hold', () => {
  /** Looks take `lookMs`, one at a time, on a clock of 40 ms; gives causes of whole covers. */
  function play(lookMs: number, mostHoldMs: number, frames: number) {
    const pipeline = new Pipeline({
      profile: faceProfile(),
      detectors: [FACE satisfies DetectorInfo],
      style: { kind: 'solid', fill: { r: 0, g: 0, b: 0 } },
      mode: { kind: 'live', holdMs: 200, mostHoldMs, maxHeldFrames: 40 },
    });
    const wholes: unknown[] = [];
    const waitedMs: number[] = [];
    let underWay: { ptsUs: number; doneUs: number } | undefined;
    for (let at = 0; at < frames; at += 1) {
      const nowUs = at * 40_000;
      pipeline.admit(testFrame(at, nowUs), nowUs);
      if (underWay && underWay.doneUs <= nowUs) {
        const look = { detections: [], saturated: [] };
        pipeline.settle(FACE.id, underWay.ptsUs, { look });
        underWay = undefined;
      }
      const wanted = underWay ? undefined : pipeline.nextLook(FACE.id);
      if (wanted) {
        underWay = { ptsUs: wanted.frame.info.ptsUs, doneUs: nowUs + lookMs * 1000 };
      }
      for (const frame of pipeline.release(nowUs)) {
        wholes.push(frame.plan.whole);
        waitedMs.push((nowUs - frame.info.ptsUs) / 1000);
        frame.close();
      }
    }
    return { pipeline, wholes, waitedMs };
  }

  it('shows the picture later instead of covering it', () => {
    const { pipeline, wholes, waitedMs } = play(240, 700, 400);
    expect(wholes.slice(150)).toEqual(wholes.slice(150).map(() => undefined));
    expect(waitedMs.at(-1)).toBeGreaterThan(400);
    expect(pipeline.overloadStep).toBe('none');
    const kinds = pipeline.recorder.events.map(({ kind }) => kind);
    expect(kinds).toContain('hold-changed');
  });

  it('covers it where the hold may not grow: this test can fail', () => {
    const { wholes } = play(240, 200, 400);
    expect(wholes.slice(150)).not.toContain(undefined);
  });
});
