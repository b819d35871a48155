import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Detector, FramePlan } from '@drape/anonymizer/core';
import { Pipeline, PlannedPainter, letterboxRgb, profileNamed } from '@drape/anonymizer/core';
import type { AvFrameBuffer } from '@drape/anonymizer/node';
import { openDetectors, openVideoSink, openVideoSource } from '@drape/anonymizer/node';
import type { Bench, BenchContext, BenchRow } from '../bench.ts';
import type { Clip } from '../material/clips.ts';
import { short1080p, short720p } from '../material/clips.ts';
import { Stopwatches } from '../stopwatch.ts';

const PROFILE = profileNamed('mixed');
const STYLE = { kind: 'solid', fill: { r: 0, g: 0, b: 0 } } as const;
/** What the face detector looks at on a 16:9 picture. */
const FACE_INPUT = { widthPx: 640, heightPx: 384, rotationDeg: 0 } as const;

/** Decode, look, track and paint, one thing at a time; returns the plan of every frame. */
async function lookAndPlan(
  clip: Clip,
  detectors: readonly Detector[],
  watches: Stopwatches,
): Promise<FramePlan[]> {
  await using source = await openVideoSource(clip.path, { threads: 1 });
  const pipeline = new Pipeline<AvFrameBuffer>({
    profile: PROFILE,
    detectors: detectors.map((detector) => detector.info),
    style: STYLE,
    mode: { kind: 'file', lookaheadMs: 1600, maxHeldFrames: 60, refine: true },
  });
  const plans: FramePlan[] = [];
  const input = new Uint8Array(3 * FACE_INPUT.widthPx * FACE_INPUT.heightPx);
  const advance = async (): Promise<void> => {
    for (let asked = true; asked;) {
      asked = false;
      for (const detector of detectors) {
        const { id } = detector.info;
        const wanted = watches.time('core', () => pipeline.nextLook(id));
        if (!wanted) continue;
        asked = true;
        const look = await watches.timeAsync(`look ${id}`, () => detector.look(wanted.frame));
        watches.time('core', () => {
          pipeline.settle(id, wanted.frame.info.ptsUs, { look });
        });
      }
      watches.time('core', () => {
        for (const frame of pipeline.release()) {
          plans.push(frame.plan);
          frame.close();
        }
      });
    }
  };
  const frames = source.frames()[Symbol.asyncIterator]();
  for (;;) {
    const next = await watches.timeAsync('decode', () => frames.next());
    if (next.done === true) break;
    watches.time('preprocess', () => letterboxRgb(next.value.read(), FACE_INPUT, input));
    watches.time('core', () => {
      pipeline.admit(next.value);
    });
    await advance();
  }
  pipeline.end();
  await advance();
  pipeline.close();
  return plans;
}

/** Paints the known plans and encodes. */
async function paintAndEncode(
  clip: Clip,
  plans: readonly FramePlan[],
  watches: Stopwatches,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'drape-bench-'));
  try {
    await using source = await openVideoSource(clip.path, { threads: 1 });
    const sink = await openVideoSink(join(folder, 'out.mp4'), {
      info: source.info,
      preset: 'veryfast',
      crf: 20,
      audio: 'drop',
      threads: 1,
    });
    const painter = new PlannedPainter<AvFrameBuffer>((frame) => plans[frame.info.index], STYLE);
    for await (const frame of source.frames()) {
      const painted = watches.time('paint', () => painter.paint(frame));
      await watches.timeAsync('encode', () => sink.write(painted));
    }
    await watches.timeAsync('encode', () => sink.finish());
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
  const plans = await lookAndPlan(clip, detectors, watches);
  await paintAndEncode(clip, plans, watches);
  const perFrame = (stage: string): number => watches.totalMs(stage) / clip.frames;
  const row = (stage: string, figure: number, detail: string): BenchRow => ({
    name: `${name}: ${stage}`,
    figure,
    unit: 'ms/frame',
    detail,
  });
  const regions = plans.reduce((sum, plan) => sum + plan.regions.length, 0) / clip.frames;
  const looks = detectors.map(({ info }) => {
    const watch = `look ${info.id}`;
    const each = watches.medianMs(watch).toFixed(1);
    return row(watch, perFrame(watch), `${watches.count(watch)} looks, median ${each} ms each`);
  });
  const paint = perFrame('paint');
  return [
    row('decode', perFrame('decode'), 'one thread'),
    row('preprocess', perFrame('preprocess'), 'one letterbox to 640×384; part of a look'),
    ...looks,
    row('track and plan', Math.max(0, perFrame('core') - paint), 'scene cuts, tracks, plans'),
    row('paint', paint, `solid, ${regions.toFixed(1)} regions a frame; copies shared pictures`),
    row('encode', perFrame('encode'), 'x264 veryfast, one thread'),
  ];
}

/** Where a frame's time goes, one stage after the other: in a file they overlap. */
export const stagesBench: Bench = {
  name: 'stages',
  title: 'What each stage costs, one at a time',
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
