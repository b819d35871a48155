import { access, symlink } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import {
  AvFrameBuffer,
  MediaError,
  openAvFrameBuffers,
  openVideoSink,
  openVideoSource,
} from '@drape/anonymizer/node';
import type { VideoInfo, VideoSink } from '@drape/anonymizer/node';
import { makeClip } from './clip.ts';
import { decodeAll } from './round-trip.ts';
import { sealed, sealedBuffer } from './sealed.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();

function open(path: string, info: VideoInfo): Promise<VideoSink> {
  return openVideoSink(path, { info, preset: 'ultrafast', audio: 'drop', threads: 1 });
}

async function reasonOf(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return error instanceof MediaError ? error.reason : error;
}

describe('output that can not be written', () => {
  test('an unknown extension', async () => {
    await makeClip(file('in.mp4'));
    const { info } = await decodeAll(file('in.mp4'));
    expect(await reasonOf(open(file('out.gif'), info))).toBe('unsupported-container');
    expect(await reasonOf(open(file('out'), info))).toBe('unsupported-container');
  });

  test('a folder that is not there', async () => {
    const { info } = await decodeAll(file('in.mp4'));
    expect(await reasonOf(open(file('nowhere/out.mp4'), info))).toBe('unwritable');
  });

  test('a full disk', async () => {
    await makeClip(file('big.mp4'), { widthPx: 640, heightPx: 480, frames: 40 });
    await symlink('/dev/full', file('full.ts'));
    await using source = await openVideoSource(file('big.mp4'));
    const sink = await openVideoSink(file('full.ts'), {
      info: source.info,
      preset: 'ultrafast',
      crf: 1,
      audio: 'drop',
      threads: 1,
    });
    const writing = (async () => {
      for await (const frame of source.frames()) await sink.write(sealed(frame));
      await sink.finish();
    })();
    expect(await reasonOf(writing)).toBe('disk-full');
    await sink.abort();
  });
});

describe('what a sink takes', () => {
  test('nothing but frames that were anonymized', async () => {
    await using source = await openVideoSource(file('in.mp4'));
    const sink = await open(file('raw.mp4'), source.info);
    for await (const frame of source.frames()) {
      const lookAlike = { info: frame.info, plan: { whole: undefined, regions: [] } };
      await expect(sink.write(frame as never)).rejects.toThrow(TypeError);
      await expect(sink.write(lookAlike as never)).rejects.toThrow(TypeError);
      frame.close();
      break;
    }
    await sink.abort();
  });

  test('what was painted is what is written, and the source keeps its own', async () => {
    await using source = await openVideoSource(file('in.mp4'));
    const sink = await open(file('painted.mp4'), source.info);
    const kept: Uint8Array[] = [];
    for await (const frame of source.frames()) {
      kept.push(new Uint8Array(frame.read().y));
      const stale = frame.read().y;
      const buffer = frame.take();
      expect(buffer).toBeInstanceOf(AvFrameBuffer);
      const planes = buffer.write();
      // Shared memory is left for memory of its own; the old view reads nothing then.
      expect(stale === planes.y || stale.length === 0).toBe(true);
      for (let row = 0; row < 60; row += 1) {
        planes.y.fill(16, row * planes.strideY, row * planes.strideY + 160);
      }
      await sink.write(sealedBuffer(frame.info, buffer));
    }
    await sink.finish();
    const clean = await decodeAll(file('in.mp4'));
    const painted = await decodeAll(file('painted.mp4'));
    painted.luma.forEach((luma, i) => {
      expect(luma).toBeLessThan((clean.luma[i] ?? 0) * 0.7);
    });
  });
});

describe('ending', () => {
  test('abort leaves no file', async () => {
    await using source = await openVideoSource(file('in.mp4'));
    const sink = await open(file('aborted.mp4'), source.info);
    for await (const frame of source.frames()) await sink.write(sealed(frame));
    await sink.abort();
    await sink.abort();
    await expect(access(file('aborted.mp4'))).rejects.toThrow('ENOENT');
  });

  test('an aborted signal stops the writing', async () => {
    await using source = await openVideoSource(file('in.mp4'));
    const controller = new AbortController();
    const sink = await openVideoSink(file('signal.mp4'), {
      info: source.info,
      preset: 'ultrafast',
      audio: 'drop',
      threads: 1,
      signal: controller.signal,
    });
    controller.abort();
    const writing = (async () => {
      for await (const frame of source.frames()) await sink.write(sealed(frame));
    })();
    expect(await reasonOf(writing)).toBe('aborted');
    await sink.abort();
  });

  test('a sink without frames is an error, not an empty file', async () => {
    const { info } = await decodeAll(file('in.mp4'));
    const sink = await open(file('none.mp4'), info);
    expect(await reasonOf(sink.finish())).toBe('no-frames');
    await sink.abort();
  });
});

afterAll(() => {
  expect(openAvFrameBuffers()).toBe(0);
});
