import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Detector, FramePlan } from '@drape/anonymizer/core';
import { PlannedPainter, letterboxRgb, profileNamed } from '@drape/anonymizer/core';
import type { AvFrameBuffer } from '@drape/anonymizer/node';
import { openDetectors, openVideoSink, openVideoSource } from '@drape/anonymizer/node';
import type { Bench, BenchContext, BenchRow } from '../bench.ts';
import type { Clip } from '../material/clips.ts';
import { short1080p, short720p } from '../material/clips.ts';
import { decodeAll, lookAndPlan } from '../media/look-through.ts';
import { Stopwatches } from '../stopwatch.ts';

const PROFILE = profileNamed('mixed');
const STYLE = { kind: 'solid', fill: { r: 0, g: 0, b: 0 } } as const;
/** What the face detector looks at on a 16:9 picture. */
const FACE_INPUT = { widthPx: 640, heightPx: 384, rotationDeg: 0 } as const;

/** Paints the known plans, then encodes what was painted. */
async function paintAndEncode(
  clip: Clip,
  plans: readonly FramePlan[],
  watches: Stopwatches,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'drape-bench-'));
  try {
    await using source = await openVideoSource(clip.path, { threads: 1 });
    const painter = new PlannedPainter<AvFrameBuffer>((frame) => plans[frame.info.index], STYLE);
    const frames = await decodeAll(clip);
    const painted = frames.map((frame) => watches.time('paint', () => painter.paint(frame)));
    const sink = await openVideoSink(join(folder, 'out.mp4'), {
      info: source.info,
      preset: 'veryfast',
      crf: 20,
      audio: 'drop',
      threads: 1,
    });
    await watches.timeAsync('encode', async () => {
      for (const frame of painted) await sink.write(frame);
      await sink.finish();
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function stagesOf(
  name: string,
  clip: Clip,
  detectors: readonly Detector[],
): Promise<BenchRow[]> {
  const watches = new Stopwatches();
  const frames = await watches.timeAsync('decode', () => decodeAll(clip));
  const input = new Uint8Array(3 * FACE_INPUT.widthPx * FACE_INPUT.heightPx);
  for (const frame of frames) {
    watches.time('preprocess', () => letterboxRgb(frame.read(), FACE_INPUT, input));
  }
  const plans = await lookAndPlan(frames, { profile: PROFILE, detectors, watches });
  await paintAndEncode(clip, plans, watches);
  const perFrame = (stage: string): number => watches.cpuMs(stage) / clip.frames;
  const row = (title: string, figure: number, detail: string): BenchRow => ({
    name: `${name}: ${title}`,
    figure,
    unit: 'ms/frame',
    detail,
  });
  const waited = (stage: string): string =>
    `${(watches.wallMs(stage) / clip.frames).toFixed(2)} ms waited`;
  const looks = detectors.map(({ info }) => {
    const watch = `look ${info.id}`;
    const each = (watches.cpuMs(watch) / watches.count(watch)).toFixed(1);
    return row(
      watch,
      perFrame(watch),
      `${watches.count(watch)} looks, ${each} ms each; ${waited(watch)}`,
    );
  });
  const regions = plans.reduce((sum, plan) => sum + plan.regions.length, 0) / clip.frames;
  const core = Math.max(0, perFrame('core') - perFrame('paint'));
  const letterbox = 'one letterbox to 640×384, a part of every look';
  return [
    row('decode', perFrame('decode'), waited('decode')),
    row('preprocess', perFrame('preprocess'), `${letterbox}; ${waited('preprocess')}`),
    ...looks,
    row('track and plan', core, `scene cuts, tracks, plans; with paint ${waited('core')}`),
    row('paint', perFrame('paint'), `solid, ${regions.toFixed(1)} regions; ${waited('paint')}`),
    row('encode', perFrame('encode'), `x264 veryfast, one thread; ${waited('encode')}`),
  ];
}

/** Where a frame's time goes, one stage after the other: in a file they overlap. */
export const stagesBench: Bench = {
  name: 'stages',
  title: 'What each stage costs, one at a time: CPU time, and the time waited for it',
  async run(context: BenchContext) {
    const ids = PROFILE.detectors.map((policy) => policy.id);
    const detectors = await openDetectors(ids, { threads: 1 });
    try {
      for (const detector of detectors) await detector.warmUp();
      const rows: BenchRow[] = [];
      for (const [name, make] of [
        ['1080p', short1080p],
        ['720p', short720p],
      ] as const) {
        const clip = await make(context);
        context.say(name);
        rows.push(...(await stagesOf(name, clip, detectors)));
      }
      return rows;
    } finally {
      for (const detector of detectors) await detector.close();
    }
  },
};
