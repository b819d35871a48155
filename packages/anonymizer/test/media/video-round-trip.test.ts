import {
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
} from 'node-av/constants';
import { afterAll, describe, expect, test } from 'vitest';
import { openAvFrameBuffers, openVideoSource } from '@drape/anonymizer/node';
import { makeClip } from './clip.ts';
import { copyVideo, decodeAll, expectLuma } from './round-trip.ts';
import { probeOutput } from './probe-output.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();
const TIMED = ['mp4', 'mov', 'mkv', 'ts', 'webm'];
/** 16.16 fixed point: x' = -y, y' = x, which players show turned clockwise by a quarter. */
const QUARTER_TURN = [0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30];

describe.each(TIMED)('times in %s', (container) => {
  test('variable frame rate is kept exactly', async () => {
    const input = file(`vfr.${container === 'webm' ? 'mkv' : container}`);
    const atMs = [0, 40, 50, 130, 131, 300, 900, 940, 2000, 2010, 2500, 2533];
    await makeClip(input, {
      timeBase: { num: 1, den: 1000 },
      ptsOf: (i) => atMs[i] ?? 0,
      bFrames: container === 'ts' ? 0 : 2,
    });
    const before = await decodeAll(input);
    expect(before.ptsUs).toEqual(atMs.map((ms) => ms * 1000));
    await copyVideo(input, file(`vfr-out.${container}`), { preset: 'veryfast' });
    const after = await decodeAll(file(`vfr-out.${container}`));
    expect(after.ptsUs).toEqual(before.ptsUs);
  });

  test('the start offset is kept', async () => {
    const input = file(`offset.${container === 'webm' ? 'mkv' : container}`);
    await makeClip(input, {
      timeBase: { num: 1, den: 1000 },
      ptsOf: (i) => 2345 + i * 40,
      bFrames: 2,
    });
    const before = await decodeAll(input);
    expect(before.info.startUs).toBeGreaterThan(2_000_000);
    await copyVideo(input, file(`offset-out.${container}`), { preset: 'veryfast' });
    const after = await decodeAll(file(`offset-out.${container}`));
    expect(after.ptsUs).toEqual(before.ptsUs);
    expect(after.info.startUs).toBe(before.info.startUs);
  });
});

test('the clock of an mp4 is kept to the tick', async () => {
  await makeClip(file('clock.mp4'), {
    timeBase: { num: 1, den: 90_000 },
    ptsOf: (i) => 1001 + i * 3003 + (i % 3),
    muxOptions: { video_track_timescale: '90000', movie_timescale: '90000' },
  });
  await copyVideo(file('clock.mp4'), file('clock-out.mp4'), { preset: 'veryfast' });
  const before = await decodeAll(file('clock.mp4'));
  const after = await decodeAll(file('clock-out.mp4'));
  expect(before.info.timeBase).toEqual({ num: 1, den: 90_000 });
  expect(after.info.timeBase).toEqual(before.info.timeBase);
  expect(after.ptsUs).toEqual(before.ptsUs);
});

test('avi, which has no times, gets frames at its rate and says so', async () => {
  await makeClip(file('vfr-avi.mkv'), {
    timeBase: { num: 1, den: 1000 },
    ptsOf: (i) => [0, 5, 10, 15, 100, 140, 900, 940, 1000, 1010, 1500, 1533][i] ?? 0,
  });
  const warnings = await copyVideo(file('vfr-avi.mkv'), file('vfr-out.avi'));
  expect(warnings.map((warning) => warning.code)).toEqual(['not-carried']);
  expect((await decodeAll(file('vfr-out.avi'))).ptsUs).toHaveLength(12);
});

describe('rotation', () => {
  test.each(['mp4', 'mov', 'mkv', 'webm'])('is carried by %s', async (container) => {
    await makeClip(file('turned.mp4'), { displayMatrix: QUARTER_TURN });
    const before = await decodeAll(file('turned.mp4'));
    expect(before.info.rotationDeg).toBe(90);
    await copyVideo(file('turned.mp4'), file(`turned-out.${container}`));
    const after = await decodeAll(file(`turned-out.${container}`));
    expect(after.info).toMatchObject({ rotationDeg: 90, widthPx: 160, heightPx: 120 });
  });

  test.each(['ts', 'avi'])('turns the pixels for %s', async (container) => {
    await makeClip(file('turned-px.mp4'), { displayMatrix: QUARTER_TURN, sampleAspect: [4, 3] });
    const output = file(`turned-px.${container}`);
    await copyVideo(file('turned-px.mp4'), output, { crf: 5 });
    await using source = await openVideoSource(output);
    expect(source.info).toMatchObject({ rotationDeg: 0, widthPx: 120, heightPx: 160 });
    if (container === 'ts') expect(source.info.sampleAspect).toEqual({ num: 3, den: 4 });
    await using original = await openVideoSource(file('turned-px.mp4'));
    const [raw] = await firstFrames(original, 1);
    const [upright] = await firstFrames(source, 1);
    const from = raw?.read();
    const to = upright?.read();
    // The top left corner of the coded picture is shown at the top right.
    expect(to?.y[119]).toBeCloseTo(from?.y[0] ?? 0, -1);
    expect(to?.y[159 * to.strideY]).toBeCloseTo(from?.y[119 * from.strideY + 159] ?? 0, -1);
    raw?.close();
    upright?.close();
  });
});

describe('colour and shape', () => {
  test.each([
    ['mp4', AVCOL_RANGE_JPEG, AVCOL_SPC_BT470BG],
    ['mp4', AVCOL_RANGE_MPEG, AVCOL_SPC_BT709],
    ['mkv', AVCOL_RANGE_JPEG, AVCOL_SPC_BT709],
    ['ts', AVCOL_RANGE_JPEG, AVCOL_SPC_BT709],
    ['webm', AVCOL_RANGE_JPEG, AVCOL_SPC_BT709],
  ])('%s keeps range %i and matrix %i', async (container, range, matrix) => {
    await makeClip(file('colour.mkv'), { range, matrix, sampleAspect: [4, 3] });
    const before = await decodeAll(file('colour.mkv'));
    expect(before.info.colour).toMatchObject({ range, matrix });
    await copyVideo(file('colour.mkv'), file(`colour-out.${container}`));
    const after = await decodeAll(file(`colour-out.${container}`));
    expect(after.info.colour).toEqual(before.info.colour);
    // Matroska stores whole display pixels: 213 for 160 of them.
    const { num, den } = after.info.sampleAspect ?? { num: 0, den: 1 };
    expect(num / den).toBeCloseTo(4 / 3, 2);
    expectLuma(after.luma[0], before.luma[0]);
  });

  test('full range is told to painters', async () => {
    await makeClip(file('full.mp4'), { range: AVCOL_RANGE_JPEG });
    await using source = await openVideoSource(file('full.mp4'));
    const [frame] = await firstFrames(source, 1);
    expect(frame?.read()).toMatchObject({ fullRange: true, matrix: 'bt601' });
    frame?.close();
  });
});

test('interlaced pictures stay interlaced', async () => {
  await makeClip(file('fields.mp4'), {
    heightPx: 128,
    encoderOptions: { 'x264-params': 'interlaced=1' },
  });
  const before = await decodeAll(file('fields.mp4'));
  expect(before.info.scan).not.toBe('progressive');
  await copyVideo(file('fields.mp4'), file('fields-out.mp4'));
  expect((await decodeAll(file('fields-out.mp4'))).info.scan).toBe(before.info.scan);
});

describe('pixel formats and sizes', () => {
  test.each([
    ['libx264', 'yuv422p', 160, 120],
    ['libx264', 'yuv444p', 160, 120],
    ['libx264', 'yuv420p10le', 160, 120],
    ['libx264', 'yuv422p10le', 160, 120],
    ['libx264', 'gray', 160, 120],
    ['libx264', 'yuv444p', 161, 121],
    ['libx264rgb', 'rgb24', 160, 120],
    ['libvpx-vp9', 'yuv420p', 161, 121],
    ['libvpx-vp9', 'yuv420p', 16, 16],
    ['libx264', 'yuv420p', 16, 16],
    ['mjpeg', 'yuvj422p', 99, 77],
  ])('%s %s %ix%i', async (encoder, pixelFormat, widthPx, heightPx) => {
    const input = file('format.mkv');
    await makeClip(input, { encoder, pixelFormat, widthPx, heightPx, frames: 5 });
    await makeClip(file('plain.mkv'), {
      widthPx: widthPx + (widthPx % 2),
      heightPx: heightPx + (heightPx % 2),
      frames: 5,
    });
    const before = await decodeAll(input);
    expect(before.info).toMatchObject({ widthPx, heightPx });
    expect(before.intact).toEqual(Array<boolean>(5).fill(true));
    const plain = await decodeAll(file('plain.mkv'));
    if (pixelFormat !== 'rgb24' && encoder !== 'mjpeg') {
      expectLuma(before.luma[2], plain.luma[2]);
    }
    await copyVideo(input, file('format-out.mp4'));
    const after = await decodeAll(file('format-out.mp4'));
    // H.264 holds even sizes only: one column and one row are repeated.
    expect(after.info).toMatchObject({
      widthPx: widthPx + (widthPx % 2),
      heightPx: heightPx + (heightPx % 2),
    });
    expectLuma(after.luma[2], before.luma[2]);
  });

  test('webm keeps odd sizes', async () => {
    await makeClip(file('odd.webm'), { encoder: 'libvpx-vp9', widthPx: 161, heightPx: 121 });
    await copyVideo(file('odd.webm'), file('odd-out.webm'));
    const { info } = await decodeAll(file('odd-out.webm'));
    expect(info).toMatchObject({ widthPx: 161, heightPx: 121 });
  });

  test('8K is read and written with a bounded queue', async () => {
    await makeClip(file('8k.mp4'), {
      widthPx: 7680,
      heightPx: 4320,
      frames: 3,
      encoderOptions: { preset: 'ultrafast' },
    });
    await copyVideo(file('8k.mp4'), file('8k-out.mp4'));
    const { info, ptsUs } = await decodeAll(file('8k-out.mp4'));
    expect(info).toMatchObject({ widthPx: 7680, heightPx: 4320 });
    expect(ptsUs).toHaveLength(3);
  });
});

test('x264 leaves no string of its own', async () => {
  await makeClip(file('strings.mp4'));
  await copyVideo(file('strings.mp4'), file('strings-out.mp4'));
  const { bytes } = await probeOutput(file('strings-out.mp4'));
  expect(bytes).not.toMatch(/x264|Lavf|Lavc/);
});

async function firstFrames(
  source: Awaited<ReturnType<typeof openVideoSource>>,
  count: number,
): Promise<Awaited<ReturnType<typeof nextFrame>>[]> {
  const frames = source.frames()[Symbol.asyncIterator]();
  return Promise.all(Array.from({ length: count }, () => nextFrame(frames)));
}

type Frames = ReturnType<
  ReturnType<Awaited<ReturnType<typeof openVideoSource>>['frames']>[typeof Symbol.asyncIterator]
>;

async function nextFrame(frames: Frames) {
  const next = await frames.next();
  if (next.done === true) throw new Error('no more frames');
  return next.value;
}

afterAll(() => {
  expect(openAvFrameBuffers()).toBe(0);
});
