import { AnonymizedFrame, coveredShare, Pipeline, ProfileError } from '@drape/anonymizer/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FACE,
  faceProfile,
  runFile,
  testFrame,
  TestBuffer,
  type Outcome,
  type Scenario,
} from './simulate.ts';

const detection = fc.record({
  cls: fc.constant('face' as const),
  box: fc.record({
    x: fc.double({ min: 0, max: 44, noNaN: true }),
    y: fc.double({ min: 0, max: 34, noNaN: true }),
    w: fc.double({ min: 4, max: 20, noNaN: true }),
    h: fc.double({ min: 4, max: 14, noNaN: true }),
  }),
  score: fc.double({ min: 0.05, max: 1, noNaN: true }),
});

const frames = fc
  .array(
    fc.record({
      // 25 to 60 frames a second, with gaps of up to 0.6 s.
      stepUs: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 16_000, max: 40_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: 40_000, max: 600_000 }) },
      ),
      luma: fc.oneof(
        { weight: 12, arbitrary: fc.constant(90) },
        { weight: 1, arbitrary: fc.constantFrom(20, 200) },
      ),
      intact: fc.oneof(
        { weight: 20, arbitrary: fc.constant(true) },
        { weight: 1, arbitrary: fc.constant(false) },
      ),
      answer: fc.oneof(
        { weight: 10, arbitrary: fc.array(detection, { maxLength: 3 }) },
        { weight: 1, arbitrary: fc.constant('fails' as const) },
      ),
    }),
    { minLength: 1, maxLength: 70 },
  )
  .map((steps) => {
    let ptsUs = -100_000;
    return steps.map((step) => ({ ...step, ptsUs: (ptsUs += step.stepUs) }));
  });

const order = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), {
  minLength: 1,
  maxLength: 50,
});

const scenario: fc.Arbitrary<Scenario> = fc.record({
  frames,
  order,
  inFlight: fc.integer({ min: 1, max: 4 }),
  mode: fc.record({
    kind: fc.constant('file' as const),
    lookaheadMs: fc.constantFrom(0, 100, 200, 400, 2000),
    maxHeldFrames: fc.constantFrom(6, 30, 1000),
    refine: fc.boolean(),
  }),
});

/** The same answers, settled in another order, with room for every frame. */
const twoOrders = fc
  .tuple(scenario, order, fc.integer({ min: 1, max: 4 }))
  .map(([base, otherOrder, inFlight]) => {
    const mode = { ...base.mode, maxHeldFrames: 1000 } as Scenario['mode'];
    const first: Scenario = { ...base, mode };
    return [first, { ...first, order: otherOrder, inFlight }] as const;
  });

/** Of the class policy of faces: from here on one sighting proves a track. */
const SINGLE_LOOK_SCORE = 0.8;

function plansOf(outcome: Outcome): unknown[] {
  return outcome.released.map((frame) => [frame.info.index, frame.plan]);
}

describe('Pipeline on a file', () => {
  it('releases every frame once, in order, as a sealed frame', () => {
    fc.assert(
      fc.property(scenario, (run) => {
        const { released, pipeline } = runFile(run);
        expect(released.map((frame) => frame.info.index)).toEqual(run.frames.map((_, i) => i));
        expect(released.every((frame) => AnonymizedFrame.isSealed(frame))).toBe(true);
        expect(pipeline.heldFrames).toBe(0);
      }),
    );
  });

  it('covers a frame whole unless a good look in its own scene decided it', () => {
    fc.assert(
      fc.property(scenario, (run) => {
        const { released, pipeline, goodUs } = runFile(run);
        const aheadMs = run.mode.kind === 'file' ? run.mode.lookaheadMs : 0;
        const freshUs = Math.max(0, 120 - aheadMs) * 1000;
        for (const { info, plan } of released) {
          const decided = goodUs.some((us) =>
            us >= info.ptsUs
              ? us - info.ptsUs <= 400_000 && !pipeline.cuts.between(info.ptsUs, us)
              : info.ptsUs - us <= freshUs && !pipeline.cuts.between(us, info.ptsUs),
          );
          if (!decided || !info.intact) expect(plan.whole).toBeDefined();
        }
      }),
    );
  });

  it('covers every sure detection on the frame that it was seen on', () => {
    fc.assert(
      fc.property(scenario, (run) => {
        const { released, goodUs } = runFile(run);
        for (const { info, plan } of released) {
          const answer = run.frames[info.index]?.answer;
          if (!goodUs.includes(info.ptsUs) || !answer || answer === 'fails' || plan.whole) continue;
          for (const seen of answer.filter((one) => one.score >= SINGLE_LOOK_SCORE)) {
            const best = Math.max(...plan.regions.map((item) => coveredShare(seen.box, item.box)));
            expect(best).toBeGreaterThan(0.999);
          }
        }
      }),
    );
  });

  it('decides the same, whatever order looks are answered in', () => {
    fc.assert(
      fc.property(twoOrders, ([one, other]) => {
        expect(plansOf(runFile(one))).toEqual(plansOf(runFile(other)));
      }),
    );
  });

  it('paints a whole frame where no look ever succeeds', () => {
    const still = Array.from({ length: 30 }, (_, index) => ({
      ptsUs: index * 40_000,
      luma: 90,
      answer: 'fails' as const,
    }));
    const { released, pipeline } = runFile({
      frames: still,
      order: [0],
      inFlight: 1,
      mode: { kind: 'file', lookaheadMs: 200, maxHeldFrames: 100, refine: true },
    });
    expect(released.map((frame) => frame.plan.whole)).toEqual(still.map(() => 'detector-failed'));
    for (const frame of released) expect(frame.buffer.planes.y).not.toContain(90);
    expect(pipeline.recorder.framesCoveredWhole).toBe(30);
    expect(pipeline.recorder.events.every((event) => event.kind === 'detector-failed')).toBe(true);
  });

  it('does not touch pixels of a frame with nothing to cover', () => {
    const { released } = runFile({
      frames: [{ ptsUs: 0, luma: 90, answer: [] }],
      order: [0],
      inFlight: 1,
      mode: { kind: 'file', lookaheadMs: 200, maxHeldFrames: 100, refine: true },
    });
    expect(released.map((frame) => frame.buffer.writes)).toEqual([0]);
  });

  it('carries a face back to the frames before its first sighting, but not over a cut', () => {
    const face = { cls: 'face' as const, box: { x: 20, y: 10, w: 12, h: 12 }, score: 0.9 };
    const film = Array.from({ length: 40 }, (_, index) => ({
      ptsUs: index * 40_000,
      luma: index < 10 ? 30 : 160,
      answer: index >= 16 ? [face] : [],
    }));
    const { released, pipeline } = runFile({
      frames: film,
      order: [0],
      inFlight: 2,
      mode: { kind: 'file', lookaheadMs: 2000, maxHeldFrames: 100, refine: true },
    });
    expect(pipeline.cuts.all).toEqual([0, 400_000]);
    const covered = released.map((frame) => frame.plan.regions.length > 0);
    expect(covered.slice(0, 10)).toEqual(Array(10).fill(false));
    expect(covered.slice(10)).toEqual(Array(30).fill(true));
  });
});

describe('Pipeline live', () => {
  const live = () =>
    new Pipeline<TestBuffer>({
      profile: faceProfile(),
      detectors: [FACE],
      style: { kind: 'solid', fill: { r: 0, g: 0, b: 0 } },
      mode: { kind: 'live', holdMs: 200, maxHeldFrames: 20 },
    });

  it('lets a frame go after the hold, covered whole where nothing looked', () => {
    const pipeline = live();
    pipeline.admit(testFrame(0, 0), 1_000_000);
    expect([...pipeline.release(1_199_999)]).toEqual([]);
    const released = [...pipeline.release(1_200_000)];
    expect(released.map((frame) => frame.plan.whole)).toEqual(['undecided']);
  });

  it('goes up the overload steps while detectors hang, and back once they answer', () => {
    const pipeline = live();
    const wholes: unknown[] = [];
    const hung: number[] = [];
    for (let index = 0; index < 560; index++) {
      const nowUs = index * 40_000;
      pipeline.admit(testFrame(index, nowUs), nowUs);
      const hangs = index >= 120 && index < 180;
      // Looks hang for 60 frames; then their deadline passes and the next ones answer.
      if (index === 180) {
        for (const ptsUs of hung) pipeline.settle(FACE.id, ptsUs, { error: new Error('timeout') });
      }
      const ptsUs = pipeline.nextLook(FACE.id)?.frame.info.ptsUs;
      if (ptsUs !== undefined && hangs) hung.push(ptsUs);
      else if (ptsUs !== undefined) {
        pipeline.settle(FACE.id, ptsUs, { look: { detections: [], saturated: [] } });
      }
      for (const frame of pipeline.release(nowUs)) wholes.push(frame.plan.whole);
    }
    expect(wholes.slice(125, 175)).not.toContain(undefined);
    expect(wholes.at(-1)).toBeUndefined();
    const steps = pipeline.recorder.events
      .filter((event) => event.kind === 'overload-step')
      .map((event) => event.detail);
    expect(steps).toEqual([
      'none -> pixelated',
      'pixelated -> slate',
      'slate -> pixelated',
      'pixelated -> none',
    ]);
  });

  it('holds no more frames than its bound, and covers what it lets go early', () => {
    const pipeline = live();
    let released = 0;
    for (let index = 0; index < 100; index++) {
      pipeline.admit(testFrame(index, index * 1000), 0);
      for (const frame of pipeline.release(0)) {
        released++;
        expect(frame.plan.whole).toBeDefined();
      }
      expect(pipeline.heldFrames).toBeLessThanOrEqual(20);
    }
    expect(released).toBe(80);
  });

  it('gives every frame back on close()', () => {
    const pipeline = live();
    const buffers = [0, 1, 2].map((index) => {
      const buffer = new TestBuffer(90);
      const info = { ...testFrame(index, index * 40_000).info };
      return { info, buffer };
    });
    for (const { info } of buffers) pipeline.admit(testFrame(info.index, info.ptsUs), 0);
    pipeline.close();
    pipeline.close();
    expect(pipeline.heldFrames).toBe(0);
    expect([...pipeline.release(1e9)]).toEqual([]);
  });
});

describe('Pipeline start', () => {
  it('refuses a profile whose required detector is missing', () => {
    const start = (): unknown =>
      new Pipeline({
        profile: faceProfile(),
        detectors: [],
        style: { kind: 'blur' },
        mode: { kind: 'live', holdMs: 200, maxHeldFrames: 20 },
      });
    expect(start).toThrow(ProfileError);
    expect(start).toThrow(/face-test/);
  });

  it('refuses frames that do not come after the one before, and closes them', () => {
    const pipeline = new Pipeline<TestBuffer>({
      profile: faceProfile(),
      detectors: [FACE],
      style: { kind: 'blur' },
      mode: { kind: 'live', holdMs: 200, maxHeldFrames: 20 },
    });
    pipeline.admit(testFrame(0, 1000), 0);
    const late = testFrame(1, 1000);
    expect(() => {
      pipeline.admit(late, 0);
    }).toThrow(RangeError);
    expect(() => late.read()).toThrow(/closed/);
  });
});

describe('proof of a track', () => {
  const film = (scores: readonly number[]): Outcome =>
    runFile({
      frames: Array.from({ length: 25 }, (_, index) => {
        const box = { x: 20, y: 10, w: 12, h: 12 };
        const score = scores[Math.floor(index / 3)] ?? 0;
        return { ptsUs: index * 40_000, luma: 90, answer: [{ cls: 'face' as const, box, score }] };
      }),
      order: [0],
      inFlight: 1,
      mode: { kind: 'file', lookaheadMs: 2000, maxHeldFrames: 100, refine: false },
    });
  const isCovered = (scores: readonly number[]): boolean =>
    film(scores).released.some((frame) => frame.plan.regions.length > 0);

  it('takes one confident sighting or two less confident ones', () => {
    expect(isCovered([0.9])).toBe(true);
    expect(isCovered([0.6, 0.6])).toBe(true);
    expect(isCovered([0.6])).toBe(false);
    expect(isCovered([0.6, 0.3, 0.3])).toBe(false);
    expect(isCovered([0.6, 0.3, 0.6])).toBe(true);
  });
});
