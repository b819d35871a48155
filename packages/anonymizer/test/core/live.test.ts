import {
  LiveTimeline,
  OverloadLadder,
  Pipeline,
  StrokeWatch,
  type Box,
  type DetectorInfo,
  type I420Planes,
  type Profile,
} from '@drape/anonymizer/core';
import { describe, expect, it } from 'vitest';
import { FACE, faceProfile, testFrame } from './simulate.ts';

const WIDTH = 320;
const HEIGHT = 192;

/** Stems of letters and what is between them: as irregular as letters, wide enough to tell a shift. */
const STEMS = '11000000000110000000000110000000001100000000000110000000000';

/** A picture with noise that moves, and such upright stems where `text` is. */
function picture(at: number, text?: Box): I420Planes {
  const y = new Uint8Array(WIDTH * HEIGHT);
  for (let row = 0; row < HEIGHT; row += 1) {
    for (let x = 0; x < WIDTH; x += 1) y[row * WIDTH + x] = 70 + ((x * 3 + row * 5 + at * 11) % 30);
  }
  if (text) {
    for (let row = text.y; row < text.y + text.h; row += 1) {
      for (let x = text.x; x < text.x + text.w; x += 1) {
        if (STEMS[(x - text.x) % STEMS.length] === '1') y[row * WIDTH + x] = 230;
      }
    }
  }
  const chroma = new Uint8Array((WIDTH * HEIGHT) / 4).fill(128);
  return {
    widthPx: WIDTH,
    heightPx: HEIGHT,
    y,
    u: chroma,
    v: chroma,
    strideY: WIDTH,
    strideU: WIDTH / 2,
    strideV: WIDTH / 2,
    fullRange: false,
    matrix: 'bt601',
  };
}

const TEXT: Box = { x: 40, y: 80, w: 120, h: 20 };
const NOTHING = (): readonly Box[] => [];

describe('StrokeWatch', () => {
  /** Twelve frames without text, of which the tenth was looked at. */
  const watching = (): StrokeWatch => {
    const watch = new StrokeWatch();
    for (let at = 0; at < 12; at += 1) watch.next(at, picture(at), NOTHING);
    watch.looked(9);
    return watch;
  };

  it('says since when new text stands, one frame after it came up', () => {
    const watch = watching();
    expect(watch.next(12, picture(12), NOTHING)).toBeUndefined();
    expect(watch.next(13, picture(13, TEXT), NOTHING)).toBeUndefined();
    expect(watch.next(14, picture(14, TEXT), NOTHING)).toBe(13);
  });

  it('is content once a look has seen it, or while it is covered anyway', () => {
    const watch = watching();
    watch.next(13, picture(13, TEXT), NOTHING);
    const covered = { x: 30, y: 70, w: 140, h: 40 };
    expect(watch.next(14, picture(14, TEXT), () => [covered])).toBeUndefined();
    expect(watch.next(15, picture(15, TEXT), NOTHING)).toBe(14);
    watch.looked(15);
    expect(watch.next(16, picture(16, TEXT), NOTHING)).toBeUndefined();
  });

  it('takes thin bright edges that move with the picture for no burned-in text', () => {
    const watch = watching();
    const moving = (at: number): Box => ({ ...TEXT, y: 20 + 6 * (at - 12) });
    for (let at = 13; at < 24; at += 1) {
      const shifted = { ...moving(at), x: 40 + 3 * (at - 12) };
      expect(watch.next(at, picture(at, shifted), NOTHING)).toBeUndefined();
    }
  });

  it('begins anew with another size', () => {
    const watch = watching();
    const { y, ...rest } = picture(13, TEXT);
    const smaller = { ...rest, widthPx: 160, heightPx: 96, y: y.subarray(0, 160 * 96) };
    expect(watch.next(13, { ...smaller, strideY: 160 }, NOTHING)).toBeUndefined();
    expect(watch.next(14, { ...smaller, strideY: 160 }, NOTHING)).toBeUndefined();
  });
});

const SCRIPT: DetectorInfo = {
  id: 'text-test',
  classes: ['text'],
  steps: { low: 0.1, high: 0.5 },
  models: [],
};

/** Text is looked for every second, and where strokes come up. */
function textProfile(): Profile {
  const base = faceProfile();
  const [policy] = base.detectors;
  if (!policy) throw new Error('no policy');
  const times = { lookEveryMs: 1000, limitMs: 3000, freshMs: 1500, changeEveryMs: 300 };
  return { ...base, detectors: [{ ...policy, id: SCRIPT.id, ...times }] };
}

function livePipeline(profile: Profile, detectors: readonly DetectorInfo[]) {
  return new Pipeline({
    profile,
    detectors,
    style: { kind: 'solid', fill: { r: 0, g: 0, b: 0 } },
    mode: { kind: 'live', holdMs: 200, maxHeldFrames: 40 },
  });
}

describe('Pipeline live, with text that comes up', () => {
  const frameOf = (at: number, text?: Box) => {
    const frame = testFrame(at, at * 40_000);
    const planes = picture(at, text);
    const { widthPx, heightPx } = planes;
    const buffer = { read: () => planes, write: () => planes, close: () => undefined };
    return new (frame.constructor as typeof import('@drape/anonymizer/core').RawFrame)(
      { ...frame.info, widthPx, heightPx },
      buffer,
    );
  };

  it('looks at once, and lets no older look decide what follows', () => {
    const pipeline = livePipeline(textProfile(), [SCRIPT]);
    const admit = (at: number, text?: Box): void => {
      pipeline.admit(frameOf(at, text), at * 40_000);
    };
    const lookNow = () => pipeline.nextLook(SCRIPT.id)?.frame.info.index;
    admit(0);
    expect(lookNow()).toBe(0);
    pipeline.settle(SCRIPT.id, 0, { look: { detections: [], saturated: [] } });
    for (let at = 1; at < 10; at += 1) admit(at);
    expect(lookNow()).toBeUndefined();
    admit(10, TEXT);
    admit(11, TEXT);
    expect(lookNow()).toBe(11);
    // Frame 9 is decided by the look at frame 0; 10 and 11 wait for theirs.
    const before = [...pipeline.release(9 * 40_000 + 200_000)].map(({ plan }) => plan.whole);
    expect(before).toEqual(Array<undefined>(10).fill(undefined));
    const [tenth] = [...pipeline.release(10 * 40_000 + 200_000)];
    expect(tenth?.plan.whole).toBe('undecided');
    const seen = { cls: 'text' as const, box: TEXT, score: 0.9 };
    pipeline.settle(SCRIPT.id, 11 * 40_000, { look: { detections: [seen], saturated: [] } });
    const [eleventh] = [...pipeline.release(11 * 40_000 + 200_000)];
    expect(eleventh?.plan.whole).toBeUndefined();
    expect(eleventh?.plan.regions.length).toBe(1);
  });

  it('covers what it saw until the next look, however slow the cadence, and over one that misses it', () => {
    const profile = textProfile();
    const detectors = profile.detectors.map((policy) => ({
      ...policy,
      lookEveryMs: 2400,
      freshMs: 3200,
      limitMs: 4000,
    }));
    const pipeline = livePipeline({ ...profile, detectors }, [SCRIPT]);
    const open: number[] = [];
    let looks = 0;
    for (let at = 0; at < 300; at += 1) {
      pipeline.admit(frameOf(at, TEXT), at * 40_000);
      const wanted = pipeline.nextLook(SCRIPT.id);
      if (wanted) {
        looks += 1;
        const seen = { cls: 'text' as const, box: TEXT, score: 0.9 };
        const look = { detections: looks === 3 ? [] : [seen], saturated: [] };
        pipeline.settle(SCRIPT.id, wanted.frame.info.ptsUs, { look });
      }
      for (const { plan, info } of pipeline.release(at * 40_000)) {
        if (plan.whole === undefined && plan.regions.length === 0) open.push(info.index);
      }
    }
    expect(looks).toBeGreaterThan(4);
    expect(open).toEqual([]);
  });

  it('asks for the newest frame where the detector was busy', () => {
    const pipeline = livePipeline(faceProfile(), [FACE]);
    pipeline.admit(testFrame(0, 0), 0);
    expect(pipeline.nextLook(FACE.id)?.frame.info.index).toBe(0);
    for (let at = 1; at < 6; at += 1) pipeline.admit(testFrame(at, at * 40_000), at * 40_000);
    pipeline.settle(FACE.id, 0, { look: { detections: [], saturated: [] } });
    expect(pipeline.nextLook(FACE.id)?.frame.info.index).toBe(5);
    expect(pipeline.nextLook(FACE.id)).toBeUndefined();
  });
});

describe('a live stream without an end', () => {
  it('hands its timeline over and forgets it', () => {
    const pipeline = livePipeline(faceProfile(), [FACE]);
    const timeline = new LiveTimeline(pipeline);
    const box = { x: 10, y: 10, w: 20, h: 20 };
    const told = [];
    let leftOpen = 0;
    for (let at = 0; at < 3000; at += 1) {
      const atUs = at * 40_000;
      // Every tenth look fails, and the face goes away in every second minute.
      pipeline.admit(testFrame(at, atUs), atUs);
      const wanted = pipeline.nextLook(FACE.id);
      if (wanted) {
        const { ptsUs, index } = wanted.frame.info;
        const isThere = Math.floor(at / 750) % 2 === 0;
        const look = {
          detections: isThere ? [{ cls: 'face' as const, box, score: 0.9 }] : [],
          saturated: [],
        };
        pipeline.settle(FACE.id, ptsUs, index % 30 === 0 ? { error: new Error('x') } : { look });
      }
      for (const frame of pipeline.release(atUs)) frame.close();
      if (at % 25 === 0) told.push(...timeline.take());
      const [live] = [...(pipeline.lines[0]?.tracks() ?? [])];
      leftOpen = Math.max(leftOpen, live?.sightings.length ?? 0);
    }
    const tracks = told.filter((event) => event.type === 'track');
    expect(tracks).toHaveLength(2);
    // Thirty seconds, looked at every 120 ms but for the looks that failed.
    expect(tracks[0]?.sightings).toBeGreaterThan(150);
    expect(leftOpen).toBeLessThan(60);
    expect(pipeline.recorder.whole.length).toBeLessThanOrEqual(1);
    expect(pipeline.recorder.events).toEqual([]);
    expect(pipeline.cuts.all.length).toBeLessThan(10);
  });
});

describe('OverloadLadder', () => {
  const FRAME_MS = 40;
  const stepsOf = (decided: (at: number) => boolean, seconds: number): string[] => {
    const ladder = new OverloadLadder();
    return Array.from({ length: seconds * 25 }, (_, at) => {
      ladder.frameDue(at * FRAME_MS * 1000, decided(at));
      return ladder.step;
    });
  };

  it('leaves a picture alone of which every other frame is decided', () => {
    expect(new Set(stepsOf((at) => at % 2 === 0, 60))).toEqual(new Set(['none']));
  });

  it('covers what is decided too where most is undecided, though not for a second or less', () => {
    const steps = stepsOf((at) => at % 5 === 0, 10);
    expect(steps.indexOf('pixelated') * FRAME_MS).toBeGreaterThanOrEqual(1000);
    expect(steps).toContain('slate');
    expect(new Set(stepsOf((at) => at % 100 > 22, 60))).toEqual(new Set(['none']));
  });

  it('shows what is decided again within three seconds of keeping up', () => {
    const steps = stepsOf((at) => at >= 250, 20);
    expect(steps[249]).toBe('slate');
    expect((steps.indexOf('none', 250) - 250) * FRAME_MS).toBeLessThanOrEqual(3000);
  });

  it('steps back ever more slowly where the step back does not hold', () => {
    const ladder = new OverloadLadder({ upAfterMs: 1000, downAfterMs: 1250, downAtMostMs: 8000 });
    const downs: number[] = [];
    // Too much whenever it stands at "none": it flickers as often as it steps back.
    for (let at = 0; at < 90_000; at += FRAME_MS) {
      const change = ladder.frameDue(at * 1000, ladder.step !== 'none');
      if (change?.to === 'none') downs.push(at);
    }
    const gaps = downs.slice(1).map((at, index) => at - (downs[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(3);
    expect(gaps.slice(0, 3)).toEqual([...gaps.slice(0, 3)].sort((a, b) => a - b));
    expect(gaps.at(-1)).toBeGreaterThan(8000);
  });
});

it('a detector that failed is no lack of speed: when it is back the picture does not wait', () => {
  const ladder = new OverloadLadder();
  for (let ptsUs = 0; ptsUs < 4_000_000; ptsUs += 33_333) ladder.frameDue(ptsUs, false);
  expect(ladder.step).toBe('slate');
  const change = ladder.detectorFailed(4_000_000);
  expect(change).toEqual({ atUs: 4_000_000, from: 'slate', to: 'none' });
  expect(ladder.detectorFailed(4_033_333)).toBeUndefined();
});
