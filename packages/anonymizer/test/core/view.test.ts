import {
  coveredUs,
  leastInsideFrom,
  Pipeline,
  profileNamed,
  stepsFor,
  VIEW_DETECTOR,
  withInsideFrom,
  type DetectorInfo,
  type DetectorPolicy,
  type Profile,
} from '@drape/anonymizer/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIZE, testFrame, type TestBuffer } from './simulate.ts';

const GATE: DetectorInfo = {
  id: VIEW_DETECTOR,
  classes: ['outside'],
  steps: { low: 0.5, high: 0.5 },
  models: [],
};
const FRAME_US = 40_000;

/** The profile with nothing but its gate. */
function gateAlone(insideFrom?: number): Profile {
  const profile = withInsideFrom(profileNamed('endoscope-strict'), insideFrom);
  return { ...profile, detectors: profile.detectors.filter(({ id }) => id === VIEW_DETECTOR) };
}

/** Runs frames through the gate; `inside` says how surely each is inside, or that a look fails. */
function run(inside: readonly (number | 'fails')[], profile = gateAlone()) {
  const pipeline = new Pipeline<TestBuffer>({
    profile,
    detectors: [GATE],
    style: { kind: 'pixelate' },
    mode: { kind: 'file', lookaheadMs: 600, maxHeldFrames: 1000, refine: true },
  });
  const looked = new Map<number, number>();
  const settle = (): void => {
    for (;;) {
      const wanted = pipeline.nextLook(VIEW_DETECTOR);
      if (!wanted) return;
      const { index, ptsUs } = wanted.frame.info;
      const answer = inside[index] ?? 'fails';
      if (answer === 'fails') {
        pipeline.settle(VIEW_DETECTOR, ptsUs, { error: new Error('fails') });
        continue;
      }
      looked.set(ptsUs, answer);
      const box = { x: 0, y: 0, w: SIZE.widthPx, h: SIZE.heightPx };
      const detections = [{ cls: 'outside' as const, box, score: 1 - answer }];
      pipeline.settle(VIEW_DETECTOR, ptsUs, { look: { detections, saturated: [] } });
    }
  };
  const released = [];
  for (const index of inside.keys()) {
    pipeline.admit(testFrame(index, index * FRAME_US));
    settle();
    released.push(...pipeline.release());
  }
  pipeline.end();
  settle();
  released.push(...pipeline.release());
  return { released, looked };
}

describe('a profile that asks for the view', () => {
  const view = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0.9) },
    { weight: 3, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant('fails' as const) },
  );

  it('shows a frame only between looks that are sure', () => {
    fc.assert(
      fc.property(
        fc.array(view, { minLength: 1, maxLength: 120 }),
        fc.double({ min: 0.5, max: 0.95, noNaN: true }),
        (inside, insideFrom) => {
          const { released, looked } = run(inside, gateAlone(insideFrom));
          expect(released).toHaveLength(inside.length);
          for (const { info, plan } of released) {
            if (plan.whole !== undefined) continue;
            const near = [...looked].filter(([us]) => Math.abs(us - info.ptsUs) <= 240_000);
            expect(near.length).toBeGreaterThan(0);
            for (const [, sure] of near) expect(sure).toBeGreaterThan(insideFrom - 1e-9);
          }
        },
      ),
    );
  });

  it('shows what is inside, and says why it covers the rest', () => {
    const inside = [...Array<number>(50).fill(0.9), ...Array<number>(50).fill(0.2)];
    const { released } = run(inside);
    const causes = released.map(({ plan }) => plan.whole);
    expect(causes.slice(0, 35)).toEqual(Array(35).fill(undefined));
    expect(causes.slice(50)).toEqual(Array(50).fill('out-of-body'));
  });
});

describe('withInsideFrom()', () => {
  it.each([0.49, 0, 1.01, Number.NaN])('refuses %f', (insideFrom) => {
    const strict = profileNamed('endoscope-strict');
    expect(() => withInsideFrom(strict, insideFrom)).toThrow(RangeError);
  });

  it('leaves a profile alone that does not ask for the view', () => {
    const mixed = profileNamed('mixed');
    expect(withInsideFrom(mixed, 0.9)).toEqual(mixed);
  });
});

describe('stepsFor()', () => {
  const steps = { low: 0.2, high: 0.5 };
  const policy: DetectorPolicy = {
    id: 'one',
    required: true,
    lookEveryMs: 100,
    busyEveryMs: 100,
    refineToMs: 100,
    limitMs: 100,
  };

  it('starts at the low step where a profile is cautious', () => {
    expect(stepsFor(steps, policy)).toEqual(steps);
    expect(stepsFor(steps, { ...policy, caution: 'balanced' })).toEqual(steps);
    expect(stepsFor(steps, { ...policy, caution: 'cautious' })).toEqual({ low: 0.2, high: 0.2 });
  });
});

describe('coveredUs()', () => {
  const samples = [0.9, 0.9, 0.1, 0.9, 0.9, 0.9, 0.9, 0.1].map((inside, at) => ({
    ptsUs: at * 200_000,
    inside,
  }));

  it('counts what lies around each look that is not sure, once', () => {
    const view = { samples, durationUs: 1_600_000 };
    expect(coveredUs(view, { insideFrom: 0.5, carryMs: 100 })).toBe(400_000);
    expect(coveredUs(view, { insideFrom: 0.5, carryMs: 400 })).toBe(1_400_000);
    expect(coveredUs(view, { insideFrom: 0.95, carryMs: 400 })).toBe(1_600_000);
  });

  it('asks for as much as the surest frame from outside', () => {
    expect(leastInsideFrom(samples)).toBe(0.9);
    expect(leastInsideFrom([])).toBe(0.5);
  });
});
