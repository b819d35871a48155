import { LookLine, profileNamed, SceneCuts, type DetectorPolicy } from '@drape/anonymizer/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const { detectors, classes } = profileNamed('mixed');

function policyOf(id: string): DetectorPolicy {
  const policy = detectors.find((candidate) => candidate.id === id);
  if (!policy) throw new Error(`profile mixed has no ${id}`);
  return policy;
}

/** Admits frames and gives the times that should be looked at, sorted. */
function wantedLooks(
  policy: DetectorPolicy,
  frames: readonly { readonly ptsUs: number; readonly newScene: boolean }[],
): number[] {
  const line = new LookLine({ policy, cuts: new SceneCuts(), refineScore: 1 });
  for (const { ptsUs, newScene } of frames) line.admit(ptsUs, newScene);
  line.end();
  const times: number[] = [];
  for (let ptsUs = line.take(); ptsUs !== undefined; ptsUs = line.take()) times.push(ptsUs);
  return times;
}

/** 25 frames a second; scenes start at these frames. */
function film(count: number, cuts: readonly number[]) {
  return Array.from({ length: count }, (_, index) => ({
    ptsUs: index * 40_000,
    newScene: index === 0 || cuts.includes(index),
  }));
}

const gapsUs = fc.array(
  fc.tuple(
    fc.oneof(fc.constant(40_000), fc.integer({ min: 1_000, max: 3_000_000 })),
    fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  ),
  { minLength: 1, maxLength: 200 },
);

describe('LookLine', () => {
  it('looks at both sides of a cut', () => {
    const policy = { ...policyOf('text-ppocr'), waitsAfterCuts: false };
    expect(wantedLooks(policy, film(20, [7]))).toEqual([0, 240_000, 280_000, 760_000]);
  });

  it('waits for the cadence after a cut where the policy says so', () => {
    const looks = wantedLooks(policyOf('text-ppocr'), film(50, [7]));
    expect(looks).toEqual([0, 240_000, 1_240_000, 1_960_000]);
  });

  it('looks at each scene, however short', () => {
    const looks = wantedLooks(policyOf('text-ppocr'), film(12, [4, 5, 9]));
    expect(looks).toEqual([0, 120_000, 160_000, 320_000, 440_000]);
  });

  /** What is looked at, and how: as many looks as are wanted at that moment are taken. */
  const efforts = (line: LookLine) => {
    const taken: [number, string | undefined][] = [];
    for (let ptsUs = line.take(); ptsUs !== undefined; ptsUs = line.take()) {
      taken.push([ptsUs, line.effortOf(ptsUs)]);
    }
    return taken;
  };
  const lineOf = (policy: DetectorPolicy) =>
    new LookLine({ policy, cuts: new SceneCuts(), refineScore: 1 });

  it('looks for small print first in each scene, and then every other time', () => {
    const line = lineOf({ ...policyOf('text-ppocr'), waitsAfterCuts: false });
    for (const { ptsUs, newScene } of film(80, [30])) line.admit(ptsUs, newScene);
    expect(efforts(line)).toEqual([
      [0, 'both'],
      [1_000_000, 'fine'],
      [1_160_000, 'usual'],
      [1_200_000, 'both'],
      [2_200_000, 'fine'],
    ]);
  });

  it('looks for small print at once where strokes come up', () => {
    const policy = { ...policyOf('text-ppocr'), waitsAfterCuts: false, changeEveryMs: 300 };
    const line = lineOf(policy);
    const frames = film(90, []);
    for (const { ptsUs, newScene } of frames.slice(0, 60)) line.admit(ptsUs, newScene);
    expect(efforts(line)).toEqual([
      [0, 'both'],
      [1_000_000, 'fine'],
      [2_000_000, 'usual'],
    ]);
    // What they are is looked at anew.
    line.changed(2_300_000);
    for (const { ptsUs, newScene } of frames.slice(60)) line.admit(ptsUs, newScene);
    expect(efforts(line)).toEqual([
      [2_360_000, 'both'],
      [3_360_000, 'fine'],
    ]);
  });

  it('keeps the way of looking where a live detector takes a newer frame than was asked for', () => {
    const line = lineOf(policyOf('text-ppocr'));
    for (const { ptsUs, newScene } of film(6, [])) line.admit(ptsUs, newScene);
    expect(line.takeNewest()).toBe(200_000);
    expect(line.effortOf(200_000)).toBe('both');
    line.settle(200_000, { look: { detections: [], saturated: [] } });
    expect(line.effortOf(200_000)).toBeUndefined();
  });

  it('says nothing of how to look to a detector that knows one way', () => {
    const line = lineOf(policyOf('face-centerface'));
    for (const { ptsUs, newScene } of film(9, [])) line.admit(ptsUs, newScene);
    expect(efforts(line).map(([, effort]) => effort)).toEqual([undefined, undefined]);
  });

  it('has a look in the scene of each frame that carrying back reaches from', () => {
    fc.assert(
      fc.property(gapsUs, fc.constantFrom('text-ppocr', 'code-zxing'), (gaps, id) => {
        let nowUs = 0;
        const frames = gaps.map(([gapUs, newScene], index) => ({
          ptsUs: (nowUs += gapUs),
          newScene: newScene || index === 0,
        }));
        const looks = wantedLooks(policyOf(id), frames);
        const { carryBackMs } = classes[id === 'text-ppocr' ? 'text' : 'code'];
        let scene = 0;
        const scenes = frames.map(({ newScene }) => (newScene ? (scene += 1) : scene));
        const sceneAt = new Map(frames.map(({ ptsUs }, index) => [ptsUs, scenes[index]]));
        frames.forEach(({ ptsUs }, index) => {
          const inScene = looks.filter((lookUs) => sceneAt.get(lookUs) === scenes[index]);
          const before = inScene.some((lookUs) => lookUs <= ptsUs);
          const after = inScene.find((lookUs) => lookUs >= ptsUs) ?? Infinity;
          expect(after).toBeLessThan(Infinity);
          // Between two looks it is interpolated; before the first one of a scene it is carried.
          if (!before) expect(after - ptsUs).toBeLessThanOrEqual(carryBackMs * 1000);
        });
      }),
    );
  });

  it.each([
    ['stands still', 100, [0, 200_000, 400_000]],
    ['moves by a third of its width', 134, [0, 80_000, 200_000, 280_000, 400_000]],
    ['is seen in one of them only', undefined, [0, 80_000, 200_000, 280_000, 400_000]],
  ])('looks between two looks again unless what they saw %s', (_, secondX, expected) => {
    const line = new LookLine({
      policy: policyOf('face-centerface'),
      cuts: new SceneCuts(),
      refineScore: 0.75,
    });
    for (const { ptsUs, newScene } of film(11, [])) line.admit(ptsUs, newScene);
    const looked: number[] = [];
    for (let ptsUs = line.take(); ptsUs !== undefined; ptsUs = line.take()) {
      looked.push(ptsUs);
      const x = ptsUs === 200_000 ? secondX : 100;
      const box = { x: x ?? 0, y: 50, w: 100, h: 100 };
      const detections = x === undefined ? [] : [{ cls: 'face', box, score: 0.9 } as const];
      line.settle(ptsUs, { look: { detections, saturated: [] } });
      line.takeSettled();
    }
    expect(looked.sort((a, b) => a - b)).toEqual(expected);
  });
});

describe('LookLine of a live stream', () => {
  const policy = { ...policyOf('face-centerface'), freshMs: 0 };
  const admitTo = (line: LookLine, cuts: SceneCuts, to: number, cutAt: number): void => {
    for (let index = 0; index <= to; index++) {
      const ptsUs = index * 40_000;
      if (index === cutAt) cuts.add(ptsUs);
      line.admit(ptsUs, index === 0 || index === cutAt);
      if (index === 0) {
        line.takeNewest();
        line.settle(0, { look: { detections: [], saturated: [] } });
        line.takeSettled();
      }
    }
  };

  it("looks at a scene's end first, and then at the newest frame", () => {
    const cuts = new SceneCuts();
    const line = new LookLine({ policy, cuts, refineScore: 1 });
    admitTo(line, cuts, 5, 4);
    expect(line.takeNewest()).toBe(3 * 40_000);
    expect(line.takeNewest()).toBe(5 * 40_000);
  });

  it('leaves it out where it would come too late, or is decided already', () => {
    const cuts = new SceneCuts();
    const late = new LookLine({ policy, cuts, refineScore: 1 });
    admitTo(late, cuts, 8, 4);
    expect(late.takeNewest()).toBe(8 * 40_000);

    const decided = new LookLine({ policy: { ...policy, freshMs: 500 }, cuts, refineScore: 1 });
    admitTo(decided, new SceneCuts(), 5, 4);
    expect(decided.takeNewest()).toBe(5 * 40_000);
  });

  it('tells how long the first frame waited that only this look decides', () => {
    const line = new LookLine({ policy, cuts: new SceneCuts(), refineScore: 1 });
    admitTo(line, new SceneCuts(), 6, -1);
    line.takeNewest();
    line.settle(240_000, { look: { detections: [], saturated: [] } });
    line.takeSettled();
    // The frame at 0 was decided by the look at it.
    expect(line.firstDecidedBy(240_000, 0)).toBe(40_000);
  });
});
