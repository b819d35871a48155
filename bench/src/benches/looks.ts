import type { Detector, LookEffort } from '@drape/anonymizer/core';
import { profileNamed } from '@drape/anonymizer/core';
import { liveProfile, openDetectors } from '@drape/anonymizer/node';
import { yardstickMs } from '@drape/models';
import type { Bench, BenchContext, BenchRow } from '../bench.ts';
import type { Clip } from '../material/clips.ts';
import { demo720p, operation1080p, short1080p } from '../material/clips.ts';
import { decodeAll, lookAndPlan } from '../media/look-through.ts';
import { Stopwatches } from '../stopwatch.ts';

const PROFILE = profileNamed('mixed');
/** What the yardstick takes where the limits were set; see `yardstickMs`. */
const YARDSTICK_MS = 29;
const FILE_MOST_MS = 8;
const LIVE_MOST_MS = 20;
/** As a share of the yardstick, to a hundredth. */
const limit = (mostMs: number): number => Math.round((100 * mostMs) / YARDSTICK_MS) / 100;
/** Live looks are timed on every such frame of a clip with a cut and people. */
const EVERY = 8;
const HOLD_MS = 200;

/** All looks at a file, per frame of its video. */
async function fileRow(
  name: string,
  clip: Clip,
  detectors: readonly Detector[],
): Promise<BenchRow> {
  const watches = new Stopwatches();
  const frames = await decodeAll(clip);
  const { yardstick } = await besideYardstick(() =>
    lookAndPlan(frames, { profile: PROFILE, detectors, watches }),
  );
  const parts = detectors.map(({ info }) => {
    const watch = `look ${info.id}`;
    return { id: info.id, ms: watches.cpuMs(watch) / clip.frames, count: watches.count(watch) };
  });
  const sumMs = parts.reduce((sum, { ms }) => sum + ms, 0);
  const said = parts.map(({ id, ms, count }) => `${id} ${ms.toFixed(2)} (${count} looks)`);
  return {
    name: `${name}: looks per frame ÷ yardstick`,
    figure: sumMs / yardstick,
    unit: '×',
    atMost: limit(FILE_MOST_MS),
    detail: `${sumMs.toFixed(1)} ms a frame of ${clip.frames}, yardstick ${yardstick.toFixed(1)} ms: ${said.join(', ')}`,
  };
}

/** The yardstick as it was around a part of the bench: what else a machine does changes by the minute. */
async function besideYardstick<T>(
  part: () => Promise<T>,
): Promise<{ readonly value: T; readonly yardstick: number }> {
  const before = await yardstickMs();
  const value = await part();
  return { value, yardstick: (before + (await yardstickMs())) / 2 };
}

/** Ways in which a detector looks at a stream. */
function effortsOf({ info }: Detector): readonly LookEffort[] {
  const policy = PROFILE.detectors.find(({ id }) => id === info.id);
  return policy?.smallPrint ? ['usual', 'fine'] : ['usual'];
}

/** Mean processor time of a look, by detector and effort, at 1080p. */
async function lookTimes(
  clip: Clip,
  detectors: readonly Detector[],
): Promise<(id: string, effort: LookEffort) => number> {
  const watches = new Stopwatches();
  const frames = await decodeAll(clip);
  for (const [at, frame] of frames.entries()) {
    for (const detector of at % EVERY === 0 ? detectors : []) {
      for (const effort of effortsOf(detector)) {
        const watch = `${detector.info.id} ${effort}`;
        await watches.timeAsync(watch, () => detector.look(frame, { effort }));
      }
    }
    frame.close();
  }
  return (id, effort) => watches.cpuMs(`${id} ${effort}`) / watches.count(`${id} ${effort}`);
}

/** What a live look at faces costs with its share of all other looks, each at its cadence. */
function liveRow(
  cores: number,
  timeOf: (id: string, effort: LookEffort) => number,
  yardstick: number,
): BenchRow {
  const { detectors } = liveProfile(PROFILE.name, { holdMs: HOLD_MS, cores });
  const faceEveryMs = Math.min(...detectors.map(({ lookEveryMs }) => lookEveryMs));
  const parts = detectors.map(({ id, lookEveryMs, smallPrint }) => {
    const usual = timeOf(id, 'usual');
    const each = smallPrint ? (usual + timeOf(id, 'fine')) / 2 : usual;
    return { id, each, ms: (each * faceEveryMs) / lookEveryMs };
  });
  const sumMs = parts.reduce((sum, { ms }) => sum + ms, 0);
  const said = parts.map(
    ({ id, each, ms }) => `${id} ${ms.toFixed(1)} (${each.toFixed(1)} a look)`,
  );
  return {
    name: `live, ${cores} cores, 1080p: a look with its share of all others ÷ yardstick`,
    figure: sumMs / yardstick,
    unit: '×',
    atMost: limit(LIVE_MOST_MS),
    detail: `${sumMs.toFixed(1)} ms each ${faceEveryMs} ms, yardstick ${yardstick.toFixed(1)} ms: ${said.join(', ')}`,
  };
}

async function run(context: BenchContext): Promise<BenchRow[]> {
  const detectors = await openDetectors(
    PROFILE.detectors.map(({ id }) => id),
    { threads: 1 },
  );
  try {
    for (const detector of detectors) await detector.warmUp();
    context.say('yardstick');
    const rows: BenchRow[] = [
      {
        name: 'yardstick: CenterFace, fp32, 384×640, one thread; taken again around each part',
        figure: await yardstickMs(),
        unit: 'ms',
        detail: `${YARDSTICK_MS} ms where the limits were set: ${FILE_MOST_MS} ms of looks a frame of a file, ${LIVE_MOST_MS} ms a live look`,
      },
    ];
    context.say('an operation');
    rows.push(await fileRow('file, operation 1080p', await operation1080p(context), detectors));
    context.say('an operation and rooms');
    rows.push(await fileRow('file, operation and rooms 720p', demo720p(), detectors));
    context.say('live looks');
    const clip = await short1080p(context);
    const { value: timeOf, yardstick } = await besideYardstick(() => lookTimes(clip, detectors));
    for (const cores of [2, 4]) rows.push(liveRow(cores, timeOf, yardstick));
    return rows;
  } finally {
    for (const detector of detectors) await detector.close();
  }
}

/** Against limits in milliseconds that hold for one machine: its speed is measured in the same run. */
export const looksBench: Bench = {
  name: 'looks',
  title: 'What looks cost, against a look of known cost in the same run',
  run,
};
