import { describe, expect, it } from 'vitest';
import { garbling, losing } from './support/on-way.ts';
import { openAfter, openStream } from './support/open-stream.ts';
import { SIZE } from './support/scene.ts';

const LARGER = { widthPx: 800, heightPx: 450 };
const SMALLER_ODD = { widthPx: 622, heightPx: 330 };

describe('a stream through its process', () => {
  it('shows the secret where no detector sees it, so that these tests can fail', async () => {
    await using stream = await openStream({ child: 'blind' });
    const { secret } = await stream.viewer.until((seen) => seen.secret !== undefined);
    expect(secret).toBeGreaterThan(0);
  });

  it.each(['h264', 'vp8'] as const)(
    'comes out covered, in order, evenly spaced (%s)',
    async (codec) => {
      const mimeType = codec === 'h264' ? 'video/H264' : 'video/VP8';
      await using stream = await openStream({ child: 'steady', mimeType }, { codec });
      const { viewer } = stream;
      await viewer.until(openAfter(40));
      expect(viewer.secrets).toEqual([]);
      expect(viewer.seen[0]?.isKey).toBe(true);
      const readable = viewer.seen.filter((seen) => seen.number !== undefined);
      const [first] = readable;
      // 40 ms between two frames: 3600 ticks.
      const expected = readable.map(
        ({ number = 0 }) => (first?.ptsTicks ?? 0) + (number - (first?.number ?? 0)) * 3600,
      );
      expect(readable.map(({ ptsTicks }) => ptsTicks)).toEqual(expected);
    },
  );

  it('covers what appears in the middle from its first frame on', async () => {
    const secretIn = (number: number): boolean => number % 20 >= 10;
    await using stream = await openStream({ child: 'steady' }, { secretIn });
    await stream.viewer.until(openAfter(90));
    expect(stream.viewer.secrets).toEqual([]);
    expect(stream.viewer.numbers.length).toBeGreaterThan(20);
  });

  it('answers a request for a keyframe within 100 ms of the next frame', async () => {
    await using stream = await openStream({ child: 'steady' });
    const { viewer } = stream;
    await viewer.until(openAfter(20));
    const asked = performance.now();
    viewer.requestKeyframe();
    const answer = await viewer.until((seen) => seen.isKey && seen.atMs > asked);
    const before = viewer.seen.filter((seen) => seen.atMs > asked && seen.atMs < answer.atMs);
    // At most two frames may already have been on their way to the encoder: 80 ms.
    expect(before.length).toBeLessThanOrEqual(2);
  });

  it('asks for a keyframe at the start, and not over and over', async () => {
    await using stream = await openStream({ child: 'steady' });
    await stream.viewer.until(openAfter(40));
    expect(stream.publisher.keyframeRequests).toBeLessThanOrEqual(2);
  });
});

describe('no secret leaves', () => {
  it.each([0.05, 0.2])('when %d of all packets are lost', async (share) => {
    await using stream = await openStream({ child: 'steady' }, { onWay: losing(share) });
    const wanted: number[] = [];
    stream.anonymizer.on('keyframe-wanted', () => wanted.push(stream.publisher.frames));
    await stream.viewer.until(openAfter(70));
    expect(stream.viewer.secrets).toEqual([]);
    expect(stream.publisher.keyframeRequests).toBeGreaterThan(0);
    expect(wanted.length).toBeGreaterThan(0);
  });

  it('when packets come garbled and with garbage between them', async () => {
    await using stream = await openStream({ child: 'steady' }, { onWay: garbling(0.1) });
    await stream.viewer.until(openAfter(70));
    expect(stream.viewer.secrets).toEqual([]);
  });

  it('when the picture changes its size', async () => {
    const sizeOf = (number: number) =>
      number < 30 ? SIZE : number < 60 ? LARGER : number < 90 ? SMALLER_ODD : SIZE;
    await using stream = await openStream({ child: 'steady' }, { sizeOf });
    const { viewer } = stream;
    await viewer.until(openAfter(100));
    expect(viewer.secrets).toEqual([]);
    const sizes = new Set(viewer.seen.map(({ widthPx }) => widthPx));
    expect([...sizes]).toEqual([SIZE.widthPx, LARGER.widthPx, SMALLER_ODD.widthPx]);
  });

  it.each(['hanging', 'failing'] as const)(
    'when a detector is %s, and it comes back',
    async (child) => {
      await using stream = await openStream({ child });
      const told = new Promise<string>((resolve) => {
        stream.anonymizer.on('timeline', (events) => {
          for (const event of events) {
            if (event.type === 'event' && event.kind === 'detector-failed') resolve(event.detail);
          }
        });
      });
      const { viewer } = stream;
      // Pictures go on, covered whole.
      const frozen = await viewer.until(
        (seen) => seen.number === undefined && openedBefore(viewer.seen, seen.atMs),
      );
      // The detector is opened again, and then the picture opens too.
      await viewer.until((seen) => seen.number !== undefined && seen.atMs > frozen.atMs + 500);
      expect(viewer.secrets).toEqual([]);
      expect(await told).toContain('face-centerface');
    },
  );

  it('when the process is killed: nothing comes any more', async () => {
    await using stream = await openStream({ child: 'steady' });
    const { viewer, anonymizer } = stream;
    const ended = new Promise<string>((resolve) => {
      anonymizer.on('ended', ({ reason }) => {
        resolve(reason);
      });
    });
    await viewer.until(openAfter(20));
    process.kill(anonymizer.pid, 'SIGKILL');
    expect(await ended).toBe('crashed');
    const { datagrams } = viewer;
    const sentBefore = stream.publisher.frames;
    while (stream.publisher.frames < sentBefore + 15) await nextTurn();
    expect(viewer.datagrams).toBe(datagrams);
    expect(viewer.secrets).toEqual([]);
  });
});

function openedBefore(
  seen: readonly { readonly number?: number; readonly atMs: number }[],
  atMs: number,
): boolean {
  return seen.some((one) => one.number !== undefined && one.atMs < atMs);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 10);
  });
}
