import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { FormatContext, Packet } from 'node-av/lib';
import { describe, expect, test } from 'vitest';
import { makeClip } from './clip.ts';
import { probeOutput } from './probe-output.ts';
import { copyVideo, decodeAll } from './round-trip.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();

/** Audio encoder of the input, its container, and what each output holds. */
const CASES = [
  {
    audio: 'aac',
    from: 'mp4',
    to: { mp4: 'aac', mov: 'aac', mkv: 'aac', ts: 'aac', avi: 'mp3', webm: 'opus' },
  },
  { audio: 'aac', from: 'ts', to: { mp4: 'aac', mkv: 'aac' } },
  {
    audio: 'libopus',
    from: 'mkv',
    to: { mp4: 'opus', mkv: 'opus', webm: 'opus', ts: 'aac', mov: 'aac' },
  },
  {
    audio: 'pcm_s16le',
    from: 'mov',
    to: { mp4: 'aac', mov: 'pcm_s16le', avi: 'pcm_s16le', webm: 'opus' },
  },
  { audio: 'libmp3lame', from: 'avi', to: { mp4: 'mp3', avi: 'mp3', ts: 'mp3' } },
  { audio: 'libvorbis', from: 'mkv', to: { mkv: 'aac', webm: 'opus' } },
  { audio: 'flac', from: 'mkv', to: { mkv: 'aac', mp4: 'aac' } },
].flatMap(({ audio, from, to }) =>
  Object.entries(to).map(([container, codec]) => ({ audio, from, container, codec })),
);

describe('audio is kept on request', () => {
  test.each(CASES)(
    '$audio in $from → $codec in $container',
    async ({ audio, from, container, codec }) => {
      const input = file(`in-${audio}.${from}`);
      await makeClip(input, { audio, frames: 50, bFrames: from === 'avi' ? 0 : 2 });
      const output = file(`out-${audio}.${container}`);
      expect(await copyVideo(input, output, { audio: 'keep', preset: 'veryfast' })).toEqual([]);
      const { streams } = await probeOutput(output);
      expect(streams.map((stream) => stream.codec)).toEqual([
        container === 'webm' ? 'vp9' : 'h264',
        codec,
      ]);
      const before = await spans(input);
      const after = await spans(output);
      expect(Math.abs(after.audioStart - before.audioStart)).toBeLessThan(0.06);
      expect(Math.abs(after.audioEnd - before.audioEnd)).toBeLessThan(0.1);
      if (from !== 'avi' && container !== 'avi') {
        expect((await decodeAll(output)).ptsUs).toEqual((await decodeAll(input)).ptsUs);
      }
    },
  );
});

test('audio is dropped unless asked for', async () => {
  await makeClip(file('sound.mp4'), { audio: 'aac' });
  await copyVideo(file('sound.mp4'), file('silent.mp4'));
  const { streams } = await probeOutput(file('silent.mp4'));
  expect(streams.map((stream) => stream.codecType)).toEqual([AVMEDIA_TYPE_VIDEO]);
});

test('a video without sound stays one', async () => {
  await makeClip(file('mute.mp4'));
  await copyVideo(file('mute.mp4'), file('mute-out.mp4'), { audio: 'keep' });
  const { streams } = await probeOutput(file('mute-out.mp4'));
  expect(streams).toHaveLength(1);
});

/** First and last presentation time of the sound, in seconds. */
async function spans(path: string): Promise<{ audioStart: number; audioEnd: number }> {
  const context = new FormatContext();
  await context.openInput(`file:${path}`);
  await context.findStreamInfo();
  const stream = context.streams.find((each) => each.codecpar.codecType === AVMEDIA_TYPE_AUDIO);
  if (!stream) throw new Error('no sound');
  const packet = new Packet();
  packet.alloc();
  const times: number[] = [];
  while ((await context.readFrame(packet)) >= 0) {
    if (packet.streamIndex === stream.index) {
      times.push((Number(packet.pts) * stream.timeBase.num) / stream.timeBase.den);
    }
    packet.unref();
  }
  packet.free();
  await context.closeInput();
  return { audioStart: Math.min(...times), audioEnd: Math.max(...times) };
}
