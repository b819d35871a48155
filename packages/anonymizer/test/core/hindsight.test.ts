import {
  coveredShare,
  HindsightPlans,
  lookBack,
  type Detection,
  type FramePlan,
} from '@drape/anonymizer/core';
import { describe, expect, it } from 'vitest';
import { faceProfile, runFile, type Outcome } from './simulate.ts';

const LOOKAHEAD_MS = 400;

function face(x: number, score: number): Detection {
  return { cls: 'face', box: { x, y: 10, w: 12, h: 12 }, score };
}

/** 25 frames a second for 8 s; `answerAt` gets the time in seconds. */
function film(answerAt: (timeS: number) => Detection[], { refine } = { refine: true }): Outcome {
  return runFile({
    frames: Array.from({ length: 200 }, (_, index) => ({
      ptsUs: index * 40_000,
      luma: 90,
      answer: answerAt(index / 25),
    })),
    order: [0],
    inFlight: 2,
    mode: { kind: 'file', lookaheadMs: LOOKAHEAD_MS, maxHeldFrames: 1000, refine },
  });
}

function hindsightOf({ pipeline, released }: Outcome): {
  needed: boolean;
  plans: FramePlan[];
} {
  const known = { profile: faceProfile(), cuts: pipeline.cuts };
  const { tracks, needsSecondPass } = lookBack(pipeline.lines, known);
  const { whole } = pipeline.recorder;
  const plans = new HindsightPlans({ tracks, whole, lines: pipeline.lines, ...known });
  return { needed: needsSecondPass, plans: released.map((frame) => plans.planOf(frame.info)) };
}

function coversFace(plan: FramePlan | undefined, x: number, share = 0.999): boolean {
  return (plan?.regions ?? []).some(({ box }) => coveredShare(face(x, 1).box, box) > share);
}

describe('lookBack', () => {
  it('covers the whole past of a face that was weak for seconds before it was sure', () => {
    const outcome = film((timeS) => [face(20, timeS < 6 ? 0.2 : 0.9)]);
    expect(coversFace(outcome.released[25]?.plan, 20)).toBe(false);
    const { needed, plans } = hindsightOf(outcome);
    expect(needed).toBe(true);
    expect(plans.every((plan) => coversFace(plan, 20))).toBe(true);
  });

  it('asks for no second pass where the first one knew everything in time', () => {
    const outcome = film((timeS) => (timeS > 2 && timeS < 5 ? [face(20, 0.9)] : []));
    const { needed, plans } = hindsightOf(outcome);
    expect(needed).toBe(false);
    expect(plans).toEqual(outcome.released.map((frame) => frame.plan));
  });

  it('asks for no second pass for suspicions that were never proved', () => {
    const { needed, plans } = hindsightOf(film(() => [face(20, 0.3)]));
    expect(needed).toBe(false);
    expect(plans.every((plan) => plan.regions.length === 0)).toBe(true);
  });

  it('keeps frames covered whole that the first pass could not decide', () => {
    const outcome = runFile({
      frames: Array.from({ length: 20 }, (_, index) => ({
        ptsUs: index * 40_000,
        luma: 90,
        answer: 'fails' as const,
      })),
      order: [0],
      inFlight: 1,
      mode: { kind: 'file', lookaheadMs: LOOKAHEAD_MS, maxHeldFrames: 1000, refine: true },
    });
    const { plans } = hindsightOf(outcome);
    expect(plans.map((plan) => plan.whole)).toEqual(Array(20).fill('detector-failed'));
  });

  it('follows a moving face back over the looks that saw it weakly', () => {
    const outcome = film((timeS) => [face(4 + 5 * timeS, timeS > 7 ? 0.8 : 0.15)]);
    const { plans } = hindsightOf(outcome);
    const missed = plans.filter((plan, index) => !coversFace(plan, 4 + 5 * (index / 25)));
    expect(missed).toEqual([]);
  });

  it('needs no second pass for a face that gets sure within the lookahead', () => {
    const outcome = film((timeS) => [face(20, timeS > 1 && timeS < 1.3 ? 0.15 : 0.9)]);
    const { needed } = hindsightOf(outcome);
    expect(needed).toBe(false);
    expect(outcome.released.every(({ plan }) => coversFace(plan, 20))).toBe(true);
  });

  it('follows back what lies ahead before it paints', () => {
    // It runs, then rests: only from its rest backwards its first weak sightings are found.
    const xAt = (timeS: number): number => Math.min(40, 4 + 80 * (timeS - 4));
    const answer = (timeS: number): Detection[] =>
      timeS < 4 ? [] : [face(xAt(timeS), timeS < 4.24 ? 0.15 : 0.9)];
    const bare = ({ released }: Outcome): number =>
      released.slice(100).filter(({ plan, info }) => !coversFace(plan, xAt(info.ptsUs / 1e6), 0.95))
        .length;
    const foreseen = film(answer);
    expect(bare(film(answer, { refine: false }))).toBeGreaterThan(0);
    expect(bare(foreseen)).toBe(0);
    expect(hindsightOf(foreseen).needed).toBe(false);
  });
});
