import { chmod, mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { getuid } from 'node:process';
import { afterAll, describe, expect, test } from 'vitest';
import {
  MediaError,
  openAvFrameBuffers,
  openVideoSource,
  probeMedia,
} from '@drape/anonymizer/node';
import type { MediaErrorReason } from '@drape/anonymizer/node';
import { makeClip } from './clip.ts';
import { copyVideo, decodeAll } from './round-trip.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();

async function reasonOf(work: Promise<unknown>): Promise<MediaErrorReason> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof MediaError)) throw new Error('no MediaError', { cause: error });
  expect(error.message).toContain(error.path);
  return error.reason;
}

async function expectRefused(path: string, reason: MediaErrorReason): Promise<void> {
  expect(await reasonOf(openVideoSource(path))).toBe(reason);
  expect(await reasonOf(probeMedia(path))).toBe(reason);
}

describe('what is not a video', () => {
  test('a text named .mp4', async () => {
    await writeFile(file('text.mp4'), 'Operation notes, not a video.\n'.repeat(50));
    await expectRefused(file('text.mp4'), 'not-media');
  });

  test('an empty file', async () => {
    await writeFile(file('empty.mp4'), '');
    await expectRefused(file('empty.mp4'), 'not-media');
  });

  test('a folder', async () => {
    await mkdir(file('folder.mp4'));
    await expectRefused(file('folder.mp4'), 'unreadable');
  });

  test('a name that is not there', async () => {
    await expectRefused(file('nowhere.mp4'), 'not-found');
    await expectRefused(file('text.mp4/nowhere.mp4'), 'not-found');
  });

  test.skipIf(getuid?.() === 0)('a file without permission (root may read anything)', async () => {
    await writeFile(file('locked.mp4'), 'x');
    await chmod(file('locked.mp4'), 0);
    await expectRefused(file('locked.mp4'), 'unreadable');
  });

  test('a playlist that names another file', async () => {
    await makeClip(file('other.ts'));
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${file('other.ts')}\n#EXT-X-ENDLIST\n`;
    await writeFile(file('playlist.mp4'), playlist);
    expect(['unsupported-container', 'not-media']).toContain(
      await reasonOf(openVideoSource(file('playlist.mp4'))),
    );
  });

  test('sound alone', async () => {
    await makeClip(file('sound.mp4'), { encoder: 'none', audio: 'aac' });
    await expectRefused(file('sound.mp4'), 'no-video');
  });

  test('a container that is not read', async () => {
    await makeClip(file('flash.flv'), { encoder: 'flv' });
    expect(await reasonOf(openVideoSource(file('flash.flv')))).toBe('unsupported-container');
  });

  test('a codec that is not read', async () => {
    await makeClip(file('lossless.mkv'), { encoder: 'ffv1' });
    expect(await reasonOf(openVideoSource(file('lossless.mkv')))).toBe('unsupported-codec');
  });

  test('a video without one picture', async () => {
    await makeClip(file('nothing.mkv'), { noPictures: true });
    expect(await reasonOf(openVideoSource(file('nothing.mkv')))).toBe('no-frames');
  });

  test('pictures beyond the limit', async () => {
    const options = { widthPx: 8448, heightPx: 64, frames: 1 };
    await makeClip(file('wide.mkv'), options);
    expect(await reasonOf(openVideoSource(file('wide.mkv')))).toBe('too-large');
  });
});

describe('truncated files', () => {
  test('an mp4 without its index says so', async () => {
    await makeClip(file('cut.mp4'), { frames: 50 });
    await truncate(file('cut.mp4'), Math.floor((await readFile(file('cut.mp4'))).length / 2));
    await expectRefused(file('cut.mp4'), 'truncated');
  });

  test.each(['mp4', 'mov', 'mkv', 'ts', 'avi'])(
    'the start of a cut-off %s is read, with a warning',
    async (container) => {
      const path = file(`cut-off.${container}`);
      const isMov = container === 'mp4' || container === 'mov';
      await makeClip(path, {
        frames: 100,
        keyframeEvery: 10,
        ...(isMov ? { muxOptions: { movflags: 'faststart' } } : {}),
      });
      const whole = await decodeAll(path);
      const { length } = await readFile(path);
      await truncate(path, Math.floor(length * 0.6));
      const cut = await decodeAll(path);
      expect(cut.ptsUs.length).toBeGreaterThan(20);
      expect(cut.ptsUs.length).toBeLessThan(90);
      expect(cut.ptsUs).toEqual(whole.ptsUs.slice(0, cut.ptsUs.length));
      // A transport stream states no length: it just ends.
      const codes = cut.warnings.map((warning) => warning.code);
      if (container !== 'ts') expect(codes).toContain('truncated');
    },
  );
});

describe('several streams', () => {
  test('the main video is read, the others are left out with a warning', async () => {
    await makeClip(file('two.mkv'), { secondVideo: true });
    const { info, ptsUs, warnings } = await decodeAll(file('two.mkv'));
    expect(info).toMatchObject({ widthPx: 160, heightPx: 120, streams: { video: 2 } });
    expect(ptsUs).toHaveLength(12);
    expect(warnings.map((warning) => warning.code)).toEqual(['streams-dropped']);
    await copyVideo(file('two.mkv'), file('two-out.mkv'));
    expect((await decodeAll(file('two-out.mkv'))).info.streams.video).toBe(1);
  });
});

describe('pictures that change their size', () => {
  test('keep their size in the source and are fitted by the sink', async () => {
    await makeClip(file('small.ts'), { frames: 10, keyframeEvery: 5 });
    await makeClip(file('large.ts'), {
      frames: 10,
      keyframeEvery: 5,
      widthPx: 200,
      heightPx: 200,
      timeBase: { num: 1, den: 25 },
      ptsOf: (i) => 10 + i,
    });
    const parts = [await readFile(file('small.ts')), await readFile(file('large.ts'))];
    await writeFile(file('joined.ts'), Buffer.concat(parts));

    const sizes: string[] = [];
    await using source = await openVideoSource(file('joined.ts'));
    for await (const frame of source.frames()) {
      sizes.push(`${frame.info.widthPx}x${frame.info.heightPx}`);
      frame.close();
    }
    expect([...new Set(sizes)]).toEqual(['160x120', '200x200']);
    expect(source.warnings.map((warning) => warning.code)).toContain('size-changed');

    await copyVideo(file('joined.ts'), file('joined-out.mp4'), { crf: 5 });
    await using output = await openVideoSource(file('joined-out.mp4'));
    let last: readonly number[] = [];
    for await (const frame of output.frames()) {
      expect(frame.info).toMatchObject({ widthPx: 160, heightPx: 120 });
      const { y, strideY } = frame.read();
      last = [y[60 * strideY + 5] ?? 0, y[60 * strideY + 80] ?? 0];
      frame.close();
    }
    // A square picture in a 4:3 one: black at the sides, picture in the middle.
    expect(last[0]).toBeLessThan(24);
    expect(last[1]).toBeGreaterThan(30);
  });
});

describe('clocks', () => {
  test('files joined end to end go on rising, with a warning', async () => {
    await makeClip(file('part.ts'), { frames: 50 });
    const part = await readFile(file('part.ts'));
    await writeFile(file('twice.ts'), Buffer.concat([part, part]));
    const { ptsUs, warnings } = await decodeAll(file('twice.ts'));
    expect(ptsUs.length).toBeGreaterThanOrEqual(98);
    const steps = ptsUs.slice(1).map((us, i) => us - (ptsUs[i] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThan(500_000);
    expect(warnings.map((warning) => warning.code)).toContain('timestamps-repaired');
  });
});

describe('stopping', () => {
  test('an aborted source ends with its reason', async () => {
    await makeClip(file('long.mp4'), { frames: 100 });
    const controller = new AbortController();
    await using source = await openVideoSource(file('long.mp4'), { signal: controller.signal });
    let seen = 0;
    const reading = (async () => {
      for await (const frame of source.frames()) {
        frame.close();
        seen += 1;
        if (seen === 3) controller.abort(new Error('enough'));
      }
    })();
    expect(await reasonOf(reading)).toBe('aborted');
    expect(seen).toBe(3);
  });

  test('a source that is left early frees what it decoded ahead', async () => {
    await makeClip(file('left.mp4'), { frames: 100 });
    await using source = await openVideoSource(file('left.mp4'));
    for await (const frame of source.frames()) {
      frame.close();
      break;
    }
  });

  test('frames stay readable after their source is gone', async () => {
    await makeClip(file('kept.mp4'));
    const source = await openVideoSource(file('kept.mp4'));
    const first = await source.frames()[Symbol.asyncIterator]().next();
    await source[Symbol.asyncDispose]();
    await source[Symbol.asyncDispose]();
    if (first.done === true) throw new Error('no frame');
    const frame = first.value;
    expect(frame.read().y.length).toBeGreaterThan(160 * 119);
    const stale = frame.read().y;
    frame.close();
    expect(stale.length).toBe(0);
  });
});

test('a link is followed', async () => {
  await makeClip(file('target.mp4'));
  await symlink(file('target.mp4'), file('link.mp4'));
  expect(await probeMedia(file('link.mp4'))).toBe('video');
});

afterAll(() => {
  expect(openAvFrameBuffers()).toBe(0);
});
