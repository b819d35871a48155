import {
  coveredShare,
  coverOf,
  Pipeline,
  profileNamed,
  SceneCuts,
  type Box,
  type Detection,
  type LookTimes,
  type Track,
} from '@drape/anonymizer/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACE, faceProfile, testFrame, type TestBuffer } from './simulate.ts';

const FRAME_MS = 40;
const FACE_BOX: Box = { x: 20, y: 14, w: 16, h: 16 };

interface Run {
  /** How long each look takes, in milliseconds; they repeat. */
  readonly looksTakeMs: readonly number[];
  /** What each look says of the face; they repeat. */
  readonly scores: readonly number[];
  readonly holdMs: number;
  /** How much older than a frame a look may be that decides it. */
  readonly freshMs: number;
  readonly frames: number;
  /** Frames at which another picture is shown: the face stays where it is. */
  readonly cutEvery: number;
}

/** Runs a live stream in which one face stands still, and every look sees it. */
function run({ looksTakeMs, scores, holdMs, freshMs, frames, cutEvery }: Run) {
  const profile = faceProfile();
  const policies = profile.detectors.map((policy) => ({
    ...policy,
    busyEveryMs: Infinity,
    refineToMs: Infinity,
    lookEveryMs: 160,
    limitMs: 600,
    freshMs,
  }));
  const pipeline = new Pipeline<TestBuffer>({
    profile: { ...profile, detectors: policies },
    detectors: [FACE],
    style: { kind: 'solid', fill: { r: 0, g: 0, b: 0 } },
    mode: { kind: 'live', holdMs, mostHoldMs: holdMs + 400, maxHeldFrames: 60 },
  });
  const released = [];
  let looking: { ptsUs: number; readyMs: number } | undefined;
  let looks = 0;
  for (let nowMs = 0; nowMs < frames * FRAME_MS + 2000; nowMs += 10) {
    const index = nowMs / FRAME_MS;
    if (Number.isInteger(index) && index < frames) {
      const luma = Math.floor(index / cutEvery) % 2 === 0 ? 90 : 200;
      pipeline.admit(testFrame(index, nowMs * 1000, { luma }), nowMs * 1000);
    }
    if (looking && looking.readyMs <= nowMs) {
      const score = scores[looks % scores.length] ?? 1;
      const detections: Detection[] = [{ cls: 'face', box: FACE_BOX, score }];
      pipeline.settle(FACE.id, looking.ptsUs, { look: { detections, saturated: [] } });
      looking = undefined;
      looks++;
    }
    if (!looking) {
      const wanted = pipeline.nextLook(FACE.id);
      const tookMs = looksTakeMs[looks % looksTakeMs.length] ?? 50;
      if (wanted) looking = { ptsUs: wanted.frame.info.ptsUs, readyMs: nowMs + tookMs };
    }
    released.push(...pipeline.release(nowMs * 1000));
  }
  return released;
}

describe('a live stream whose detector is late now and then', () => {
  it('shows its frames all the same, with the face covered', () => {
    const released = run({
      looksTakeMs: [60, 60, 60, 60, 950],
      scores: [0.6, 0.9],
      holdMs: 200,
      freshMs: 0,
      frames: 200,
      cutEvery: 1000,
    });
    const open = released.filter(({ plan }) => plan.whole === undefined);
    expect(open.length).toBeGreaterThan(0.4 * released.length);
  });

  it('shows no frame of a face that every look sees', () => {
    fc.assert(
      fc.property(
        fc.record({
          looksTakeMs: fc.array(
            fc.oneof(
              { weight: 5, arbitrary: fc.integer({ min: 20, max: 150 }) },
              { weight: 1, arbitrary: fc.integer({ min: 150, max: 1500 }) },
            ),
            { minLength: 1, maxLength: 30 },
          ),
          scores: fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), {
            minLength: 1,
            maxLength: 10,
          }),
          holdMs: fc.constantFrom(0, 100, 200, 400),
          freshMs: fc.constantFrom(0, 40),
          frames: fc.integer({ min: 10, max: 200 }),
          cutEvery: fc.constantFrom(7, 50, 1000),
        }),
        (scenario) => {
          for (const { info, plan } of run(scenario)) {
            if (plan.whole !== undefined) continue;
            const covered = plan.regions.map(({ box }) => coveredShare(FACE_BOX, box));
            expect(Math.max(0, ...covered), `frame ${info.index}`).toBeGreaterThan(0.99);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('coverOf() of a face that a panning camera moves', () => {
  const at = (ms: number, x: number) => ({
    ptsUs: ms * 1000,
    box: { x, y: 100, w: 50, h: 50 },
    score: 0.9,
  });
  const track: Track = {
    id: 1,
    cls: 'face',
    detectorId: 'one',
    sightings: [at(0, 100), at(200, 130)],
    confirmedAtUs: 0,
    certainAtUs: 0,
  };
  const HALF: Box = { x: 112, y: 117, w: 26, h: 17 };
  const query = {
    ptsUs: 400_000,
    horizonUs: Infinity,
    cuts: new SceneCuts(),
    policy: profileNamed('mixed').classes.face,
  };
  const coverAt = (looks?: LookTimes): number =>
    Math.max(
      ...coverOf(track, { ...query, looks }).map(({ box }) =>
        coveredShare({ x: 160, y: 100, w: 50, h: 50 }, box),
      ),
    );

  it('reaches to where it goes, live: whether it stops there or not', () => {
    expect(coverAt({ high: 0.5, hasLook: () => false })).toBe(1);
  });

  it('covers a face of which only one sighting is known wherever a pan may have had it', () => {
    const once = { ...track, sightings: [at(200, 160)] };
    const looks = { high: 0.5, hasLook: () => false };
    for (const x of [110, 210]) {
      const [region] = coverOf(once, { ...query, ptsUs: 0, looks });
      expect(coveredShare({ x, y: 100, w: 50, h: 50 }, region?.box ?? HALF)).toBe(1);
    }
  });

  it('covers all of a face of which every other look sees a part', () => {
    const half = { ...track, sightings: [at(0, 100), { ...at(160, 100), box: HALF }] };
    const looks = { high: 0.5, hasLook: () => false };
    const [region] = coverOf(half, { ...query, ptsUs: 120_000, looks });
    expect(coveredShare({ x: 100, y: 100, w: 50, h: 50 }, region?.box ?? HALF)).toBe(1);
  });
});
