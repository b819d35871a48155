import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeSeen } from '../src/live/judge-seen.ts';
import { readSeen } from '../src/live/probe.ts';
import { rowsOf } from '../src/report/rows.ts';
import type { ClipUnit, TruthBox, TruthFrame } from '../src/truth/truth.ts';
import { drawnPlanes, paintBox } from './drawn.ts';
import { encode } from './encode.ts';

const picture = { widthPx: 320, heightPx: 180 };
const recorded = { widthPx: 320, heightPx: 208 };
const face: TruthBox = { kind: 'face', visibility: 'clear', box: { x: 100, y: 120, w: 40, h: 50 } };
const whole = { x: 0, y: 0, w: recorded.widthPx, h: recorded.heightPx };
const truth: TruthFrame = { weight: 1, boxes: [face], pureEndoscopy: false };
const stats = {
  load: { before: 1, after: 1 },
  viewer: { framesPerSecond: 25, longestMs: 60, freezes: [] },
  settledMs: { n: 9, p50: 260, p95: 320, max: 400 },
  capture: { missed: 0, behind: false },
};

/** What the viewer saw: `n` the source frame, and what was painted over it. */
const seen = [
  { number: 5, how: 'read', painted: face.box },
  { number: 6, how: 'read', painted: undefined },
  { number: 7, how: 'inferred', withinFrames: 1, painted: whole },
  { number: 8, how: 'inferred', withinFrames: 2, painted: face.box },
  { number: null, how: 'unknown', painted: whole },
  { number: null, how: 'unknown', painted: undefined },
] as const;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drape-eval-live-'));
  const frames = seen.map((one, at) => {
    const planes = drawnPlanes(recorded, { matrix: 'bt601', fullRange: false });
    if (one.painted) paintBox(planes, one.painted);
    return { atMs: at * 40, planes };
  });
  await encode(join(folder, 'viewer.mp4'), frames, { preset: 'ultrafast', crf: 6 });
  const listed = seen.map((one, index) => ({ index, ...one, painted: undefined }));
  await writeFile(join(folder, 'frames.json'), JSON.stringify({ picture, frames: listed }));
  await writeFile(join(folder, 'stats.json'), JSON.stringify(stats));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('what a viewer saw', () => {
  const unit: ClipUnit = {
    kind: 'clip',
    name: 'drawn.mp4',
    path: 'drawn.mp4',
    frames: new Map([5, 6, 7, 8, 9].map((number) => [number, truth])),
    otherFrames: undefined,
    faceInEveryFrame: false,
    source: 'drawn.mp4',
  };

  it('is judged by the truth of each source frame, without the strip', async () => {
    const { result, facts } = await judgeSeen(unit, 'demo', {
      seen: await readSeen(folder),
      pictures: undefined,
    });
    expect(result.clearFaces).toEqual({ all: 4, covered: 3 });
    expect(result.missed.map((box) => box.frame)).toEqual([6]);
    expect(result).toMatchObject({ frames: 6, wholeFrames: 2, judgedFrames: 4, exposedFrames: 1 });
    expect(facts).toEqual({
      framesShown: 6,
      inferred: 2,
      inferredUncovered: 1,
      uncertain: 0,
      unjudged: 1,
    });
    const set = { name: 'demo', table: 'clips' } as const;
    const rows = rowsOf([{ set, units: [result] }], 'live');
    expect(rows.find((row) => row.measure === 'exposure')).toMatchObject({
      figure: 900,
      verdict: { met: 'no', goal: '≤ 10 s/h' },
    });
  });

  it('is told apart where an inferred number may lie on either side of a cut', async () => {
    // After the cut the face stands where frame 8 shows no paint.
    const elsewhere = { ...face, box: { ...face.box, x: 200 } };
    const frames = new Map(unit.frames);
    frames.set(8, { ...truth, boxes: [elsewhere] });
    const job = { seen: await readSeen(folder), pictures: undefined };
    const { result, facts } = await judgeSeen({ ...unit, frames }, 'demo', job);
    expect(facts).toMatchObject({ inferredUncovered: 1, uncertain: 1 });
    // Neither held against it nor counted for it; a number that was read is never uncertain.
    expect(result.missed.map((box) => box.frame)).toEqual([6]);
    expect(result).toMatchObject({ judgedFrames: 3, exposedFrames: 1 });
  });
});
