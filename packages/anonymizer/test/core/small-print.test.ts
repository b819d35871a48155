import { liveProfile } from '@drape/anonymizer/node';
import {
  coveredShare,
  Pipeline,
  profileNamed,
  type Detection,
  type LookEffort,
  type PipelineMode,
  type Profile,
} from '@drape/anonymizer/core';
import { describe, expect, it } from 'vitest';
import { testFrame, type TestBuffer } from './simulate.ts';

const TEXT = {
  id: 'text-ppocr',
  classes: ['text'],
  steps: { low: 0.2, high: 0.5 },
  models: [],
} as const;
const LINE = { x: 8, y: 8, w: 20, h: 4 };
const FRAMES = 300;
const seen: Detection = { cls: 'text', box: LINE, score: 0.9 };

const textAlone = (profile: Profile): Profile => ({
  ...profile,
  detectors: profile.detectors.filter(({ id }) => id === TEXT.id),
});

interface Film {
  readonly profile: Profile;
  readonly mode: PipelineMode;
  readonly cuts?: readonly number[];
  /** What a look at a frame, done so, sees there. */
  readonly answer: (frame: number, effort: LookEffort) => readonly Detection[];
}

/** 25 frames a second, looks answered at once: which frames left with the line covered. */
function coveredFrames({ profile, mode, cuts = [], answer }: Film): boolean[] {
  const pipeline = new Pipeline<TestBuffer>({
    profile: textAlone(profile),
    detectors: [TEXT],
    style: { kind: 'solid', fill: { r: 0, g: 0, b: 0 } },
    mode,
  });
  const covered: boolean[] = [];
  const advance = (nowUs: number): void => {
    for (;;) {
      const wanted = pipeline.nextLook(TEXT.id);
      if (!wanted) break;
      const { index, ptsUs } = wanted.frame.info;
      const detections = answer(index, wanted.effort ?? 'usual');
      pipeline.settle(TEXT.id, ptsUs, { look: { detections, saturated: [] } });
    }
    for (const { plan } of pipeline.release(nowUs)) {
      const isUnder = plan.regions.some(({ box }) => coveredShare(LINE, box) > 0.999);
      covered.push(plan.whole !== undefined || isUnder);
    }
  };
  for (let at = 0; at < FRAMES; at++) {
    const scene = cuts.filter((cut) => cut <= at).length;
    pipeline.admit(testFrame(at, at * 40_000, { luma: 60 + 70 * (scene % 2) }), at * 40_000);
    advance(at * 40_000);
  }
  pipeline.end();
  advance(Infinity);
  return covered;
}

const FILE: PipelineMode = { kind: 'file', lookaheadMs: 4200, maxHeldFrames: 1000, refine: true };
const isFine = (effort: LookEffort): boolean => effort !== 'usual';

describe('small print, which only looks for it see', () => {
  it.each([0, 7, 33, 81])('is covered in a file from its first frame (%i) to its last', (from) => {
    const until = from + 120;
    const covered = coveredFrames({
      profile: profileNamed('mixed'),
      mode: FILE,
      answer: (at, effort) => (at >= from && at < until && isFine(effort) ? [seen] : []),
    });
    expect(covered).toHaveLength(FRAMES);
    expect(covered.slice(from, until)).not.toContain(false);
  });

  it('is covered in every scene of a file, however short', () => {
    const covered = coveredFrames({
      profile: profileNamed('mixed'),
      mode: FILE,
      cuts: [20, 34, 100, 130],
      answer: (_, effort) => (isFine(effort) ? [seen] : []),
    });
    expect(covered).not.toContain(false);
  });

  it.each([2, 8])(
    'is covered live in every scene from its first frame, also between looks that miss it (%i cores)',
    (cores) => {
      const covered = coveredFrames({
        profile: liveProfile('mixed', { holdMs: 200, cores }),
        mode: { kind: 'live', holdMs: 200, maxHeldFrames: 100 },
        cuts: [40, 55, 200],
        answer: (_, effort) => (isFine(effort) ? [seen] : []),
      });
      expect(covered).toHaveLength(FRAMES);
      expect(covered).not.toContain(false);
    },
  );

  it('costs half as much paint where it was tissue that one look took for it', () => {
    const covered = coveredFrames({
      profile: profileNamed('mixed'),
      mode: FILE,
      answer: (at, effort) => (at >= 120 && at < 140 && isFine(effort) ? [seen] : []),
    });
    expect(covered.filter(Boolean).length).toBeGreaterThan(0);
    expect(covered.filter(Boolean).length).toBeLessThanOrEqual(2 * 27 + 1);
  });
});
