import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fusedSteps, fuseFaces, type Proposal } from '@drape/anonymizer/core';
import { findModel, loadManifest } from '@drape/models';

const fusion = {
  neighbourShare: 0.1,
  weights: { detectorLogit: 1, judgeFace: 2, neighbourFace: -0.5 },
  bias: 0.25,
  sureScore: 0.4,
  outsideBelow: -1,
  thresholds: {
    cautious: { inside: -1, outside: -3 },
    balanced: { inside: 0, outside: -2.5 },
  },
};
const proposal = (x: number, score: number): Proposal => ({
  box: { x, y: 0, w: 10, h: 10 },
  score,
  peak: true,
});
const logistic = (logit: number): number => 1 / (1 + Math.exp(-logit));
const logitOf = (p: number): number => Math.log(p / (1 - p));

describe('fuseFaces()', () => {
  it('weighs a lone proposal with its own verdict for its neighbours', () => {
    const [score] = fuseFaces([proposal(0, 0.2)], [{ face: 0.7, endoscopy: 3 }], fusion);
    expect(score).toBeCloseTo(logistic(logitOf(0.2) + 2 * 0.7 - 0.5 * 0.7 + 0.25));
  });

  it('takes the best detector score and the mean verdict of neighbours', () => {
    const verdicts = [
      { face: 1, endoscopy: 3 },
      { face: -2, endoscopy: 3 },
      { face: 5, endoscopy: 3 },
    ];
    const [, second] = fuseFaces(
      [proposal(0, 0.6), proposal(5, 0.1), proposal(50, 0.9)],
      verdicts,
      fusion,
    );
    expect(second).toBeCloseTo(logistic(logitOf(0.6) + 2 * -2 - 0.5 * 1 + 0.25));
  });

  it('lowers the threshold only where proposal and frame are surely outside', () => {
    const faces = [proposal(0, 0.3), proposal(50, 0.3)];
    const at = (a: number, b: number): number[] =>
      fuseFaces(
        faces,
        [
          { face: 0, endoscopy: a },
          { face: 0, endoscopy: b },
        ],
        fusion,
      );
    const inside = logistic(logitOf(0.3) + 0.25);
    const outside = logistic(logitOf(0.3) + 0.25 + 2.5);
    expect(at(-3, -3)).toEqual([outside, outside]);
    expect(at(-3, 3)).toEqual([inside, inside]);
    expect(at(-3, -0.5)).toEqual([outside, inside]);
  });

  it('lets no judge overrule a detector that is sure', () => {
    const doubted = { face: -9, endoscopy: 9 };
    expect(fuseFaces([proposal(0, 0.4)], [doubted], fusion)).toEqual([0.5]);
    expect(fuseFaces([proposal(0, 0.39)], [doubted], fusion)[0]).toBeLessThan(0.01);
  });

  it('has its steps where the balanced and the cautious thresholds lie', () => {
    expect(fusedSteps(fusion)).toEqual({ low: logistic(-0.5), high: 0.5 });
  });
});

describe('the fusion in the manifest', () => {
  it('is the one that the training wrote beside the weights', () => {
    const { postprocess, source } = findModel(loadManifest(), 'face-judge');
    if (postprocess.kind !== 'face-judge') throw new Error('face-judge has another postprocess');
    const file = new URL('../../../../models/weights/face-fusion.json', import.meta.url);
    const trained = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
    expect(source.file).toMatch(/^weights\/face-judge/);
    expect(Object.values(trained)).toEqual(
      postprocess.fusions.map((one) => expect.objectContaining(one) as unknown),
    );
  });
});
