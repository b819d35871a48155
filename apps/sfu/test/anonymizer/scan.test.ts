import { describe, expect, it } from 'vitest';
import type { I420Planes } from '@drape/anonymizer/core';
import { paintFrame } from '@drape/anonymizer/core';
import { openResidualScan, type ScanHit } from '../../src/anonymizer/index.ts';
import { Confirmation } from '../../src/anonymizer/scan/confirmation.ts';
import { isPainted } from '../../src/anonymizer/scan/painted-place.ts';
import { random } from './support/on-way.ts';
import { Publisher, SOURCE } from './support/publisher.ts';
import { SECRET } from './support/scene.ts';

const PROGRAM = new URL('./support/scan-steady.ts', import.meta.url);

async function scanning(secretIn: (number: number) => boolean) {
  const open = new AsyncDisposableStack();
  const input = { ...SOURCE, mimeType: 'video/H264', clockRate: 90_000 };
  const scan = await openResidualScan(
    { roomId: 'test-room', epoch: 1, input, looksPerTenSeconds: 20 },
    { program: PROGRAM },
  );
  open.defer(() => scan.close());
  const hits: ScanHit[] = [];
  scan.on('hit', (hit) => hits.push(hit));
  const publisher = new Publisher({ to: scan.listen, secretIn });
  open.defer(() => publisher.close());
  const looks = (count: number) =>
    new Promise<void>((resolve) => {
      scan.on('looked', (done) => {
        if (done >= count) resolve();
      });
    });
  return { scan, hits, publisher, looks, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

describe('residual scan', () => {
  it('hits once on what stays uncovered, with its place and nothing else', async () => {
    await using room = await scanning(() => true);
    await room.looks(6);
    expect(room.hits).toHaveLength(1);
    const [hit] = room.hits;
    expect(hit?.class).toBe('face');
    expect(hit?.box.slice(0, 2)).toEqual([SECRET.x, SECRET.y]);
    expect(Object.keys(hit ?? {}).sort()).toEqual(['atMs', 'box', 'class', 'score']);
  });

  it('says nothing of a covered picture, and asks for a keyframe at most at the start', async () => {
    await using room = await scanning(() => false);
    await room.looks(5);
    expect(room.hits).toEqual([]);
    expect(room.publisher.keyframeRequests).toBeLessThanOrEqual(2);
  });

  it('is ended when its process dies, and says so', async () => {
    await using room = await scanning(() => false);
    const ended = new Promise<string>((resolve) => {
      room.scan.on('ended', ({ reason }) => {
        resolve(reason);
      });
    });
    process.kill(room.scan.pid, 'SIGKILL');
    expect(await ended).toBe('crashed');
  });

  it('fails with a reason where its input is not read', async () => {
    const input = { ...SOURCE, mimeType: 'video/AV1', clockRate: 90_000 };
    const opening = openResidualScan({ roomId: 'room', epoch: 1, input }, { program: PROGRAM });
    await expect(opening).rejects.toMatchObject({ reason: 'bad-options' });
  });
});

describe('Confirmation', () => {
  const at = (x: number) => ({ cls: 'face' as const, box: { x, y: 0, w: 40, h: 40 }, score: 0.9 });

  it('takes two looks in a row for a hit, tells it once, and again after it was gone', () => {
    const confirmation = new Confirmation();
    const looks = [[at(0)], [at(4)], [at(8)], [], [at(8)], [at(8)]];
    expect(looks.map((look) => confirmation.next(look).length)).toEqual([0, 1, 0, 0, 0, 1]);
  });

  it('takes two things in different places for two things', () => {
    const confirmation = new Confirmation();
    expect([[at(0)], [at(100)]].flatMap((look) => confirmation.next(look))).toEqual([]);
  });
});

describe('isPainted', () => {
  const BOX = { x: 40, y: 30, w: 80, h: 90 };
  /** Soft spots of all sizes, as skin, hair and eyes are, with sensor noise. */
  const picture = (): I420Planes => {
    const next = random(5);
    const spots = Array.from({ length: 60 }, () => ({
      x: next() * 160,
      y: next() * 160,
      r: 4 + next() * 20,
      by: (next() - 0.5) * 160,
    }));
    const y = Uint8Array.from({ length: 160 * 160 }, (_, index) => {
      const [px, py] = [index % 160, Math.floor(index / 160)];
      const sum = spots.reduce(
        (luma, { x, y: cy, r, by }) =>
          luma + by * Math.exp(-((px - x) ** 2 + (py - cy) ** 2) / (r * r)),
        120,
      );
      return Math.max(16, Math.min(235, sum + (next() - 0.5) * 6));
    });
    const chroma = (): Uint8Array => new Uint8Array(80 * 80).fill(128);
    const strides = { strideY: 160, strideU: 80, strideV: 80 };
    const size = { widthPx: 160, heightPx: 160 };
    return { ...size, ...strides, y, u: chroma(), v: chroma(), fullRange: false, matrix: 'bt601' };
  };
  const covered = (style: Parameters<typeof paintFrame>[2]): I420Planes => {
    const planes = picture();
    const region = { box: BOX, cls: 'face', cause: 'seen', trackId: 1 } as const;
    paintFrame(planes, { whole: undefined, regions: [region] }, style);
    return planes;
  };

  it('is false for a picture', () => {
    expect(isPainted(picture(), BOX)).toBe(false);
  });

  it.each([
    ['solid', { kind: 'solid', fill: { r: 0, g: 0, b: 0 } }],
    ['a mosaic', { kind: 'pixelate' }],
  ] as const)('is true for %s', (_, style) => {
    expect(isPainted(covered(style), BOX)).toBe(true);
    // A detector's box is never the painter's own.
    expect(isPainted(covered(style), { x: 50, y: 40, w: 60, h: 70 })).toBe(true);
  });

  it('is false where only a part is painted', () => {
    const planes = covered({ kind: 'pixelate' });
    expect(isPainted(planes, { x: 0, y: 0, w: 150, h: 150 })).toBe(false);
  });
});
