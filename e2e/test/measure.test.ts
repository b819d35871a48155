import { describe, expect, it } from 'vitest';
import { fluencyOf } from '../src/measure/freezes.ts';
import { latencies } from '../src/measure/latency.ts';
import { numberFrames } from '../src/measure/numbers.ts';
import { spreadOf } from '../src/measure/percentile.ts';

const loop = { framesPerSecond: 25, frames: 100 };
/** A viewer's frame `at` frames into the stream. */
const frame = (at: number, read: number | undefined) => ({
  read,
  mediaTimeS: 7 + at / 25,
  shownAtMs: 50_000 + at * 40 + (at % 3),
});

describe('numbers of frames', () => {
  it('are what the barcode says, and between barcodes what the time says', () => {
    const frames = [0, 1, 2, 3, 4, 5].map((at) =>
      frame(at, at === 0 || at === 5 ? 90 + at : undefined),
    );
    const numbered = numberFrames(frames, loop);
    expect(numbered.map((one) => one.number)).toEqual([90, 91, 92, 93, 94, 95]);
    expect(numbered.map((one) => one.how)).toEqual([
      'read',
      'inferred',
      'inferred',
      'inferred',
      'inferred',
      'read',
    ]);
    expect(numbered[2]).toMatchObject({ withinFrames: 1 });
  });

  it('go on over the end of the loop', () => {
    const frames = [0, 1, 2, 3].map((at) =>
      frame(at, at === 0 || at === 3 ? (98 + at) % 100 : undefined),
    );
    expect(numberFrames(frames, loop).map((one) => one.number)).toEqual([98, 99, 0, 1]);
  });

  it('say how far off they may be when the camera left frames out', () => {
    const frames = [frame(0, 10), frame(5, undefined), frame(10, 26)];
    const [, between] = numberFrames(frames, loop);
    expect(between).toEqual({ number: 18, how: 'inferred', withinFrames: 7 });
  });

  it('go by the wall clock when the stream is another one', () => {
    const swapped = { ...frame(4, undefined), mediaTimeS: 0.01 };
    const frames = [frame(0, 10), swapped, frame(8, 18)];
    expect(numberFrames(frames, loop)[1]).toMatchObject({ number: 14, how: 'inferred' });
  });

  it('are unknown where nothing near tells', () => {
    expect(numberFrames([frame(0, undefined)], loop)).toEqual([{ number: null, how: 'unknown' }]);
    const far = [frame(0, 1), frame(400, undefined)];
    expect(numberFrames(far, loop)[1]).toEqual({ number: null, how: 'unknown' });
  });
});

describe('fluency', () => {
  const shown = (atMs: number, presentedFrames: number) => ({ shownAtMs: atMs, presentedFrames });

  it('finds the picture that stood too long', () => {
    const frames = [0, 40, 80, 620, 660, 700].map((atMs, at) => shown(atMs, at + 1));
    const fluency = fluencyOf(frames);
    expect(fluency.longestMs).toBe(540);
    expect(fluency.freezes).toEqual([{ atMs: 80, lastedMs: 540 }]);
    expect(fluency.unseen).toBe(0);
  });

  it('does not blame the product for pictures that only the recording missed', () => {
    const frames = [shown(0, 1), shown(40, 2), shown(400, 11), shown(440, 12)];
    const fluency = fluencyOf(frames);
    expect(fluency.freezes).toEqual([]);
    expect(fluency.unseen).toBe(8);
    expect(fluency.framesPerSecond).toBeCloseTo(25, 5);
  });

  it('measures the gap where another element takes over', () => {
    const frames = [shown(0, 50), shown(40, 51), shown(300, 1), shown(340, 2)];
    expect(fluencyOf(frames).longestMs).toBe(260);
  });
});

describe('latency', () => {
  it('counts from the latest frame of that number, as the camera plays in a loop', () => {
    const camera = [
      { number: 7, atMs: 1000 },
      { number: undefined, atMs: 1040 },
      { number: 7, atMs: 5000 },
    ];
    const pictures = [
      { number: 7, atMs: 1250 },
      { number: 7, atMs: 5300 },
      { number: 8, atMs: 5340 },
      { number: undefined, atMs: 5380 },
    ];
    expect(latencies(camera, pictures)).toEqual([250, 300, undefined, undefined]);
  });

  it('is told as percentiles', () => {
    const values = Array.from({ length: 100 }, (_, at) => at + 1);
    expect(spreadOf(values)).toEqual({ n: 100, p50: 51, p95: 96, max: 100 });
    expect(spreadOf([])).toBeUndefined();
  });
});
