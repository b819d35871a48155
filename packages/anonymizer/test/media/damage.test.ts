import { readFile, writeFile } from 'node:fs/promises';
import { AV_NOPTS_VALUE } from 'node-av/constants';
import { afterAll, describe, expect, test } from 'vitest';
import { openAvFrameBuffers, openVideoSource } from '@drape/anonymizer/node';
import { DamageTracker } from '../../src/node/media/damage.ts';
import { StepWatch } from '../../src/node/media/step-watch.ts';
import { makeClip } from './clip.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();

describe('damage in the middle of a file', () => {
  test.each([
    ['libx264', 'mp4', 2],
    ['libx264', 'mkv', 2],
    ['libx264', 'ts', 2],
    ['mpeg2video', 'ts', 2],
    ['mpeg2video', 'mkv', 0],
  ])(
    '%s in %s with %i B pictures is never passed off as intact',
    async (encoder, container, bFrames) => {
      const path = file(`whole-${encoder}.${container}`);
      await makeClip(path, {
        encoder,
        frames: 60,
        keyframeEvery: 20,
        bFrames,
        widthPx: 320,
        heightPx: 240,
      });
      const whole = await pictures(path);
      const bytes = await readFile(path);
      let damaged = 0;
      // Every place is a stretch of 400 wrong bytes: far more than a decoder can miss.
      for (const share of [0.3, 0.45, 0.6, 0.75]) {
        const broken = Buffer.from(bytes);
        const at = Math.floor(bytes.length * share);
        for (let i = at; i < at + 400; i += 1) broken[i] = (broken[i] ?? 0) ^ (0x5a + (i % 7));
        await writeFile(file(`broken.${container}`), broken);
        const seen = await pictures(file(`broken.${container}`));
        for (const [ptsUs, picture] of seen) {
          const original = whole.get(ptsUs);
          if (!original || !picture.intact) damaged += 1;
          else expect(wrongPixels(original.luma, picture.luma)).toBe(0);
        }
      }
      expect(damaged).toBeGreaterThan(4);
    },
  );

  test('the last pictures of a broken stretch are followed by good ones', async () => {
    const path = file('recovers.mp4');
    await makeClip(path, {
      frames: 60,
      keyframeEvery: 10,
      bFrames: 2,
      widthPx: 320,
      heightPx: 240,
    });
    const bytes = await readFile(path);
    bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 300);
    await writeFile(path, bytes);
    await using source = await openVideoSource(path);
    const intact: boolean[] = [];
    for await (const frame of source.frames()) {
      intact.push(frame.info.intact);
      frame.close();
    }
    expect(intact[0]).toBe(true);
    expect(intact.at(-1)).toBe(true);
    expect(intact).toContain(false);
    expect(source.warnings.map((warning) => warning.code)).toContain('damaged');
  });
});

describe('DamageTracker', () => {
  const good = (pts: bigint) => ({ pts, damaged: false, cleanStart: false });

  test('covers B pictures that are shown before the damaged picture they copy from', () => {
    const tracker = new DamageTracker<string>(true);
    // Decoded I0 P3 B1 B2, shown 0 1 2 3.
    for (const [pts, isKey] of [
      [0n, true],
      [3n, false],
      [1n, false],
      [2n, false],
    ] as const) {
      tracker.sent(pts, isKey);
    }
    tracker.arrived('I0', { pts: 0n, damaged: false, cleanStart: true });
    tracker.arrived('B1', good(1n));
    tracker.arrived('B2', good(2n));
    expect([...tracker.ready()]).toMatchObject([{ item: 'I0', intact: true }]);
    tracker.arrived('P3', { pts: 3n, damaged: true, cleanStart: false });
    expect([...tracker.ready()]).toMatchObject([
      { item: 'B1', intact: false },
      { item: 'B2', intact: false },
      { item: 'P3', intact: false },
    ]);
  });

  test('a keyframe that was sent before the damage ends nothing', () => {
    const tracker = new DamageTracker<string>(false);
    tracker.sent(0n, true);
    tracker.sent(1n, false);
    tracker.lost();
    tracker.arrived('I0', { pts: 0n, damaged: false, cleanStart: true });
    tracker.sent(2n, true);
    tracker.arrived('I2', { pts: 2n, damaged: false, cleanStart: true });
    expect([...tracker.ready()].map(({ intact }) => intact)).toEqual([false, true]);
  });

  test('a picture that only the decoder calls a keyframe ends nothing', () => {
    const tracker = new DamageTracker<string>(false);
    tracker.lost();
    tracker.sent(0n, false);
    tracker.arrived('P', { pts: 0n, damaged: false, cleanStart: true });
    expect([...tracker.ready()]).toMatchObject([{ intact: false }]);
  });

  test('without packet times, a keyframe counts once reordering must be over', () => {
    const tracker = new DamageTracker<number>(true);
    tracker.lost();
    for (let i = 0; i < 40; i += 1) {
      tracker.sent(AV_NOPTS_VALUE, false);
      tracker.arrived(i, { pts: AV_NOPTS_VALUE, damaged: false, cleanStart: i % 10 === 0 });
    }
    const intact = [...tracker.ready(true)].map((picture) => picture.intact);
    expect(intact.indexOf(true)).toBe(20);
    expect(intact.slice(20)).not.toContain(false);
  });
});

describe('StepWatch', () => {
  test('tells how many pictures a steady stream skips', () => {
    const watch = new StepWatch(true);
    const skipped = [...Array(12).keys(), 14, 15].map((i) => watch.next(BigInt(i * 3600)));
    expect(skipped).toEqual([...Array<number>(12).fill(0), 2, 0]);
  });

  test('leaves a variable frame rate alone', () => {
    const watch = new StepWatch(true);
    const times = [0, 40, 50, 130, 131, 300, 900, 940, 2000].map((ms) => BigInt(ms * 90));
    expect(times.map((time) => watch.next(time))).toEqual(times.map(() => 0));
  });
});

interface Seen {
  readonly intact: boolean;
  readonly luma: Uint8Array;
}

async function pictures(path: string): Promise<Map<number, Seen>> {
  await using source = await openVideoSource(path);
  const seen = new Map<number, Seen>();
  for await (const frame of source.frames()) {
    const { y } = frame.read();
    seen.set(frame.info.ptsUs, { intact: frame.info.intact, luma: new Uint8Array(y) });
    frame.close();
  }
  return seen;
}

/** Pixels that are clearly something else. */
function wrongPixels(wanted: Uint8Array, actual: Uint8Array): number {
  let wrong = 0;
  wanted.forEach((value, i) => {
    if (Math.abs(value - (actual[i] ?? 0)) > 24) wrong += 1;
  });
  return wrong;
}

afterAll(() => {
  expect(openAvFrameBuffers()).toBe(0);
});
