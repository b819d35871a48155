import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace, type PaceFacts } from '../../src/browser/frames/pace.ts';
import { RateGate } from '../../src/browser/frames/rate-gate.ts';

const GOOD: PaceFacts = {
  step: 'none',
  fpsAdmitted: 30,
  fpsOut: 30,
  wholeShare: 0,
  busyShare: 0.2,
};
const BAD: PaceFacts = { ...GOOD, wholeShare: 0.9 };

function run(pace: Pace, facts: PaceFacts, seconds: number) {
  return Array.from({ length: seconds }, () => pace.second(facts));
}

describe('Pace', () => {
  it('keeps 30 frames a second on a machine that holds them', () => {
    expect(run(new Pace(), GOOD, 100).every(({ fps, isFailing }) => fps === 30 && !isFailing)).toBe(
      true,
    );
  });

  it.each<[string, PaceFacts]>([
    ['most frames are covered whole', BAD],
    ['the ladder pixelates', { ...GOOD, step: 'pixelated' }],
    ['the ladder shows a slate', { ...GOOD, step: 'slate' }],
    ['frames come in and do not leave', { ...GOOD, fpsOut: 15 }],
    ['copying and painting fill the time', { ...GOOD, busyShare: 0.95 }],
  ])('halves the rate first and fails then when %s', (_, facts) => {
    const verdicts = run(new Pace(), facts, 7);
    expect(verdicts.map(({ fps }) => fps)).toEqual([30, 15, 15, 15, 15, 15, 15]);
    expect(verdicts.map(({ isFailing }) => isFailing)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('stops failing once the machine keeps up, and tries the full rate after 20 seconds', () => {
    const pace = new Pace();
    run(pace, BAD, 10);
    const [first, ...later] = run(pace, { ...GOOD, fpsAdmitted: 15, fpsOut: 15 }, 20);
    expect(first?.isFailing).toBe(false);
    expect(later.map(({ fps }) => fps).indexOf(30)).toBe(18);
  });

  it('waits twice as long each time that the full rate goes wrong at once', () => {
    const pace = new Pace();
    const half = { ...GOOD, fpsAdmitted: 15, fpsOut: 15 };
    const secondsUntilFull = (): number => {
      run(pace, BAD, 2);
      for (let second = 1; ; second++) if (pace.second(half).fps === 30) return second;
    };
    expect([secondsUntilFull(), secondsUntilFull(), secondsUntilFull()]).toEqual([20, 40, 80]);
  });

  it('forgives single bad seconds', () => {
    const pace = new Pace();
    for (let round = 0; round < 20; round++) {
      expect(pace.second(BAD).fps).toBe(30);
      expect(pace.second(GOOD).fps).toBe(30);
    }
  });
});

describe('RateGate', () => {
  const admitted = (gate: RateGate, timesUs: readonly number[]): number[] =>
    timesUs.filter((timeUs) => gate.admits(timeUs));
  const times = (fps: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) => Math.round((index * 1e6) / fps));

  it.each([
    [30, 30, 300],
    [30, 25, 250],
    [30, 60, 300],
    [15, 30, 150],
    [15, 25, 150],
    [15, 60, 150],
    [15, 10, 100],
  ])('at %i lets %i frames a second in as about %i in ten seconds', (fps, camera, wanted) => {
    const gate = new RateGate();
    gate.fps = fps;
    const count = admitted(gate, times(camera, camera * 10)).length;
    expect(Math.abs(count - wanted)).toBeLessThanOrEqual(2);
  });

  it('lets every frame of a jittery 30 frames a second in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -7000, max: 7000 }), { minLength: 60, maxLength: 60 }),
        (jitter) => {
          const timesUs = jitter.map((by, index) => Math.round((index * 1e6) / 30) + by);
          expect(admitted(new RateGate(), timesUs).length).toBeGreaterThanOrEqual(58);
        },
      ),
    );
  });

  it('owes nothing after a pause', () => {
    const gate = new RateGate();
    gate.admits(0);
    const burst = Array.from({ length: 30 }, (_, index) => 10_000_000 + index * 1000);
    expect(admitted(gate, burst).length).toBeLessThanOrEqual(2);
  });
});
