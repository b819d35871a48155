import { PlannedPainter, RawFrame, type AnonymizedFrame } from '@drape/anonymizer/core';
import {
  AvFrameBuffer,
  LiveDecoder,
  LiveEncoder,
  openAvFrameBuffers,
} from '@drape/anonymizer/node';
import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { FFmpegError, Frame } from 'node-av/lib';
import { describe, expect, it } from 'vitest';
import { FramePool } from '../../src/node/media/frame-pool.ts';

const MICROSECONDS = { num: 1, den: 1_000_000 };
const pool = new FramePool();
const painter = new PlannedPainter<AvFrameBuffer>(() => ({ whole: undefined, regions: [] }), {
  kind: 'pixelate',
});

/** Noise, which costs as much as the encoder lets it. */
function noise(index: number, widthPx: number, heightPx: number): AnonymizedFrame<AvFrameBuffer> {
  const frame = new Frame();
  frame.alloc();
  frame.width = widthPx;
  frame.height = heightPx;
  frame.format = AV_PIX_FMT_YUV420P;
  FFmpegError.throwIfError(frame.getBuffer(0), 'frame');
  let state = 1 + index;
  for (const plane of frame.data ?? []) {
    for (let at = 0; at < plane.byteLength; at += 1) {
      state = (state * 48_271) % 0x7fff_ffff;
      plane[at] = 64 + (state & 127);
    }
  }
  const info = { index, ptsUs: index * 40_000, widthPx, heightPx, rotationDeg: 0, intact: true };
  const buffer = new AvFrameBuffer(frame, { timeBase: MICROSECONDS, pool });
  return painter.paint(new RawFrame({ ...info, rotationDeg: 0 }, buffer));
}

async function coded(
  encoder: LiveEncoder,
  index: number,
  size: readonly [number, number] = [320, 180],
) {
  const frame = noise(index, ...size);
  const [picture] = await encoder.encode(frame);
  frame.close();
  if (!picture) throw new Error('no picture came out');
  return picture;
}

describe('LiveEncoder', () => {
  it('gives one picture for each frame, the first and the wished ones as keyframes', async () => {
    const encoder = new LiveEncoder({ maxBitrateBps: 4_000_000, threads: 1 });
    const keys: boolean[] = [];
    for (let index = 0; index < 6; index += 1) {
      if (index === 4) encoder.forceKeyframe();
      keys.push((await coded(encoder, index)).isKey);
    }
    encoder.close();
    expect(keys).toEqual([true, false, false, false, true, false]);
    expect(openAvFrameBuffers()).toBe(0);
  });

  it('keeps to a rate that is changed while it runs', async () => {
    const encoder = new LiveEncoder({ maxBitrateBps: 8_000_000, threads: 1 });
    const bytesOver = async (from: number): Promise<number> => {
      let bytes = 0;
      // The first half second may still use what the window before had left.
      for (let index = from; index < from + 50; index += 1) {
        const { data } = await coded(encoder, index);
        if (index >= from + 25) bytes += data.byteLength;
      }
      return bytes;
    };
    const fast = await bytesOver(0);
    encoder.setMaxBitrate(400_000);
    const slow = await bytesOver(50);
    encoder.setMaxBitrate(8_000_000);
    const fastAgain = await bytesOver(100);
    encoder.close();
    expect(slow).toBeLessThan(fast / 4);
    expect(fastAgain).toBeGreaterThan(2 * slow);
  });

  it('begins anew with a keyframe when the size changes, odd ones too', async () => {
    const encoder = new LiveEncoder({ maxBitrateBps: 4_000_000, threads: 1 });
    const decoder = await LiveDecoder.open('h264', { timeBase: MICROSECONDS, threads: 1 });
    const sizes = [
      [320, 180],
      [320, 180],
      [321, 181],
      [64, 48],
    ] as const;
    const seen: (readonly [number, number, boolean])[] = [];
    for (const [index, size] of sizes.entries()) {
      const { data, isKey, ptsUs } = await coded(encoder, index, size);
      const unit = { data, isKey, pts: BigInt(ptsUs), lostBefore: false };
      for (const frame of await decoder.decode(unit)) {
        seen.push([frame.info.widthPx, frame.info.heightPx, isKey]);
        frame.close();
      }
    }
    encoder.close();
    decoder.close();
    expect(seen).toEqual([
      [320, 180, true],
      [320, 180, false],
      [322, 182, true],
      [64, 48, true],
    ]);
  });

  it('takes no frame that no pipeline made', async () => {
    const encoder = new LiveEncoder({ maxBitrateBps: 4_000_000, threads: 1 });
    const fake = { info: {}, plan: {}, buffer: {} } as unknown as AnonymizedFrame<AvFrameBuffer>;
    await expect(encoder.encode(fake)).rejects.toThrow('only frames that the pipeline');
    encoder.close();
  });
});

describe('LiveDecoder', () => {
  it('trusts nothing from a loss on until the next keyframe', async () => {
    const encoder = new LiveEncoder({ maxBitrateBps: 4_000_000, threads: 1 });
    const decoder = await LiveDecoder.open('h264', { timeBase: MICROSECONDS, threads: 1 });
    const intact: (boolean | undefined)[] = [];
    for (let index = 0; index < 8; index += 1) {
      if (index === 6) encoder.forceKeyframe();
      const { data, isKey, ptsUs } = await coded(encoder, index);
      if (index === 3) continue;
      const unit = { data, isKey, pts: BigInt(ptsUs), lostBefore: index === 4 };
      const [frame] = await decoder.decode(unit);
      intact.push(frame?.info.intact);
      frame?.close();
    }
    encoder.close();
    decoder.close();
    expect(intact).toEqual([true, true, true, false, false, true, true]);
  });

  it('gives nothing for garbage, and trusts the keyframe after it', async () => {
    const encoder = new LiveEncoder({ maxBitrateBps: 4_000_000, threads: 1 });
    const decoder = await LiveDecoder.open('h264', { timeBase: MICROSECONDS, threads: 1 });
    const garbage = Uint8Array.from({ length: 400 }, (_, at) => (at * 37) & 255);
    const unit = { data: garbage, isKey: false, pts: 0n, lostBefore: false };
    for (const frame of await decoder.decode(unit)) {
      expect(frame.info.intact).toBe(false);
      frame.close();
    }
    const { data } = await coded(encoder, 1);
    const [frame] = await decoder.decode({ data, isKey: true, pts: 40_000n, lostBefore: false });
    expect(frame?.info.intact).toBe(true);
    frame?.close();
    encoder.close();
    decoder.close();
  });
});
