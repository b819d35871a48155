import { afterAll, describe, expect, test } from 'vitest';
import { openAvFrameBuffers } from '@drape/anonymizer/node';
import { makeClip } from './clip.ts';
import type { ClipOptions } from './clip.ts';
import { copyVideo, decodeAll, expectLuma } from './round-trip.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();

const CODECS: Readonly<Record<string, ClipOptions>> = {
  h264: { encoder: 'libx264', bFrames: 2 },
  hevc: { encoder: 'libx265', bFrames: 2, encoderOptions: { 'x265-params': 'log-level=none' } },
  vp8: { encoder: 'libvpx' },
  vp9: { encoder: 'libvpx-vp9' },
  av1: { encoder: 'libsvtav1' },
  mpeg2video: { encoder: 'mpeg2video', bFrames: 2 },
  mjpeg: { encoder: 'mjpeg', pixelFormat: 'yuvj420p' },
};

/**
 * Left out, because FFmpeg's muxers refuse or mislabel them: anything but VP8, VP9 and AV1 in
 * webm; VP8 in mp4; VP8, VP9 and AV1 in mov; HEVC in avi; VP8, VP9, AV1 and MJPEG in ts.
 */
const CONTAINERS: Readonly<Record<string, readonly string[]>> = {
  mp4: ['h264', 'hevc', 'vp9', 'av1', 'mpeg2video', 'mjpeg'],
  mkv: Object.keys(CODECS),
  webm: ['vp8', 'vp9', 'av1'],
  mov: ['h264', 'hevc', 'mpeg2video', 'mjpeg'],
  avi: ['h264', 'vp8', 'vp9', 'av1', 'mpeg2video', 'mjpeg'],
  ts: ['h264', 'hevc', 'mpeg2video'],
};

const PAIRS = Object.entries(CONTAINERS).flatMap(([container, codecs]) =>
  codecs.map((codec) => ({ container, codec })),
);

describe.each(PAIRS)('$codec in $container', ({ container, codec }) => {
  test('comes out of source and sink with every picture and time', async () => {
    const input = file(`${codec}.${container}`);
    const isAvi = container === 'avi';
    const options = { ...CODECS[codec], ...(isAvi ? { bFrames: 0 } : {}) };
    await makeClip(input, options);
    const before = await decodeAll(input, 2);
    expect(before.info).toMatchObject({ codec, widthPx: 160, heightPx: 120, rotationDeg: 0 });
    expect(before.ptsUs).toHaveLength(12);
    expect(before.intact).toEqual(Array<boolean>(12).fill(true));

    const output = file(`out-${codec}.${container}`);
    await copyVideo(input, output);
    const after = await decodeAll(output);
    expect(after.info.codec).toBe(container === 'webm' ? 'vp9' : 'h264');
    // AVI counts frames from 0; its readers may give the first one a later time.
    const shiftUs = isAvi ? (before.ptsUs[0] ?? 0) : 0;
    expect(after.ptsUs).toEqual(before.ptsUs.map((us) => us - shiftUs));
    after.luma.forEach((luma, i) => {
      expectLuma(luma, before.luma[i]);
    });
  });
});

afterAll(() => {
  expect(openAvFrameBuffers()).toBe(0);
});
