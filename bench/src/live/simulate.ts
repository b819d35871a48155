import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Pipeline, RawFrame, type Look, type LookEffort } from '@drape/anonymizer/core';
import { liveProfile, openDetectors, openVideoSource } from '@drape/anonymizer/node';
import type { AvFrameBuffer } from '@drape/anonymizer/node';
import { FILL } from '../../../eval/src/judge/fill.ts';
import { judgeFrame } from '../../../eval/src/judge/frame.ts';
import { maskOfPlanes } from '../../../eval/src/judge/mask.ts';
import { endoscopyClip, readDemo, readFaceClip } from '../../../eval/src/truth/clips.ts';
import { captionAt, drawCaption } from './captions.ts';

// Live on a clock of its own: real detectors, looks that take as long as told. So what a hold
// and a cadence do to exposure can be judged on a machine that is busy with other things.
// node bench/src/live/simulate.ts --truth FILE.gt.json [--looks 60,100,90] [--hold 200] …

const { values } = parseArgs({
  options: {
    truth: { type: 'string', default: '../shared/data/demo/demo_dev_720p.gt.json' },
    profile: { type: 'string', default: 'mixed' },
    hold: { type: 'string', default: '200' },
    /** Of the machine that is simulated: with two, cadences are slower. */
    cores: { type: 'string', default: '4' },
    /** Milliseconds that a look takes: face, text, code. */
    looks: { type: 'string', default: '60,100,90' },
    /** Keeps looks between runs. */
    cache: { type: 'string' },
    /** Instead of a truth: a clip without text, into which captions are written now and then. */
    captions: { type: 'string' },
    frames: { type: 'string', default: 'Infinity' },
    /** Without the watch for new strokes. */
    'no-strokes': { type: 'boolean', default: false },
  },
});

const holdMs = Number(values.hold);
const base = liveProfile(values.profile, { holdMs, cores: Number(values.cores) });
const profile = {
  ...base,
  detectors: base.detectors.map(({ changeEveryMs, ...policy }) =>
    values['no-strokes'] || changeEveryMs === undefined ? policy : { ...policy, changeEveryMs },
  ),
};
const looksMs = values.looks.split(',').map(Number);
const lookMsOf = new Map(profile.detectors.map(({ id }, at) => [id, looksMs[at] ?? 100]));
const known: Record<string, Look> =
  values.cache && existsSync(values.cache)
    ? (JSON.parse(await readFile(values.cache, 'utf8')) as Record<string, Look>)
    : {};
const readUnit = values.truth.includes('demo') ? readDemo : readFaceClip;
const unit = values.captions ? endoscopyClip(values.captions) : await readUnit(values.truth);
const detectors = await openDetectors(
  profile.detectors.map(({ id }) => id),
  { threads: 1 },
);
const pipeline = new Pipeline<AvFrameBuffer>({
  profile,
  detectors: detectors.map(({ info }) => info),
  style: { kind: 'solid', fill: FILL },
  mode: { kind: 'live', holdMs, maxHeldFrames: 40 },
});

interface UnderWay {
  readonly id: string;
  readonly ptsUs: number;
  readonly doneUs: number;
  readonly look: Look;
}
let underWay: UnderWay[] = [];
const counts: Record<string, number> = {};

async function lookAt(
  id: string,
  frame: RawFrame<AvFrameBuffer>,
  effort: LookEffort = 'usual',
): Promise<Look> {
  const key = `${id} ${effort} ${frame.info.index}`;
  counts[id] = (counts[id] ?? 0) + 1;
  const detector = detectors.find(({ info }) => info.id === id);
  if (!detector) throw new Error(`no detector ${id}`);
  return (known[key] ??= await detector.look(frame, { effort }));
}

async function pump(nowUs: number): Promise<void> {
  for (const { id } of profile.detectors) {
    if (underWay.some((one) => one.id === id)) continue;
    const wanted = pipeline.nextLook(id);
    if (!wanted) continue;
    const { ptsUs } = wanted.frame.info;
    const look = await lookAt(id, wanted.frame, wanted.effort);
    underWay.push({ id, ptsUs, doneUs: nowUs + (lookMsOf.get(id) ?? 0) * 1000, look });
  }
}

const exposed = new Map<string, number>();
const exposedAt: string[] = [];
const wholes: Record<string, number> = {};
let frames = 0;
let captioned = 0;

function release(nowUs: number): void {
  for (const frame of pipeline.release(nowUs)) {
    const { whole } = frame.plan;
    frames += 1;
    if (whole) wholes[whole] = (wholes[whole] ?? 0) + 1;
    const caption = values.captions ? captionAt(frame.info.index) : undefined;
    const boxes = caption?.boxes ?? unit.frames.get(frame.info.index)?.boxes ?? [];
    if (caption) captioned += 1;
    if (boxes.length > 0 && !whole) {
      const judged = judgeFrame(maskOfPlanes(frame.buffer.read()), boxes);
      for (const box of judged.boxes) {
        if (box.covered || box.visibility !== 'clear') continue;
        exposed.set(box.kind, (exposed.get(box.kind) ?? 0) + 1);
        exposedAt.push(`${frame.info.index}:${box.kind}:${box.paintedShare.toFixed(2)}`);
      }
    }
    frame.close();
  }
}

/** Everything that happens until then, in order: looks end, frames come due. */
async function runUntil(untilUs: number, dues: number[]): Promise<void> {
  for (;;) {
    const next = underWay.reduce<UnderWay | undefined>(
      (first, one) => (first && first.doneUs <= one.doneUs ? first : one),
      undefined,
    );
    const dueUs = dues[0] ?? Infinity;
    const atUs = Math.min(next?.doneUs ?? Infinity, dueUs);
    if (atUs > untilUs || atUs === Infinity) return;
    if (next && next.doneUs <= dueUs) {
      underWay = underWay.filter((one) => one !== next);
      pipeline.settle(next.id, next.ptsUs, { look: next.look });
      await pump(atUs);
    } else {
      dues.shift();
      release(dueUs);
    }
  }
}

async function withCaption(
  frame: RawFrame<AvFrameBuffer>,
  caption: NonNullable<ReturnType<typeof captionAt>>,
): Promise<RawFrame<AvFrameBuffer>> {
  const buffer = frame.take();
  await drawCaption(buffer.write(), caption);
  return new RawFrame(frame.info, buffer);
}

await using source = await openVideoSource(unit.path, { threads: 1 });
const dues: number[] = [];
const strokeWatchMs = { total: 0 };
for await (const frame of source.frames()) {
  const { ptsUs, index } = frame.info;
  if (index >= Number(values.frames)) {
    frame.close();
    break;
  }
  await runUntil(ptsUs, dues);
  const caption = values.captions ? captionAt(index) : undefined;
  // Writing moves the picture to memory of its own, as a camera's overlay would have.
  const shown = caption ? await withCaption(frame, caption) : frame;
  const before = performance.now();
  pipeline.admit(shown, ptsUs);
  strokeWatchMs.total += performance.now() - before;
  dues.push(ptsUs + holdMs * 1000);
  await pump(ptsUs);
}
await runUntil(Infinity, dues);
pipeline.close();
for (const detector of detectors) await detector.close();
if (values.cache) await writeFile(values.cache, JSON.stringify(known));
const seconds = frames / 25;
console.log(
  JSON.stringify({
    frames,
    looksPerSecond: Object.fromEntries(
      Object.entries(counts).map(([id, count]) => [id, Number((count / seconds).toFixed(2))]),
    ),
    wholeShare: Number(
      (Object.values(wholes).reduce((sum, count) => sum + count, 0) / frames).toFixed(4),
    ),
    wholes,
    captioned,
    exposedBoxes: Object.fromEntries(exposed),
    exposedAt,
    admitMs: Number((strokeWatchMs.total / frames).toFixed(2)),
    ladder: pipeline.recorder.events.filter(({ kind }) => kind === 'overload-step').length,
  }),
);
