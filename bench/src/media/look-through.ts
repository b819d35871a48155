import type { Detector, FramePlan, Profile, RawFrame } from '@drape/anonymizer/core';
import { Pipeline } from '@drape/anonymizer/core';
import type { AvFrameBuffer } from '@drape/anonymizer/node';
import { openVideoSource } from '@drape/anonymizer/node';
import type { Clip } from '../material/clips.ts';
import type { Stopwatches } from '../stopwatch.ts';

const STYLE = { kind: 'solid', fill: { r: 0, g: 0, b: 0 } } as const;

/** Decodes the whole clip into memory, so that nothing is decoded beside the other stages. */
export async function decodeAll(clip: Clip): Promise<RawFrame<AvFrameBuffer>[]> {
  await using source = await openVideoSource(clip.path, { threads: 1 });
  const frames: RawFrame<AvFrameBuffer>[] = [];
  for await (const frame of source.frames()) frames.push(frame);
  return frames;
}

/**
 * Looks at a file's frames, one look after the other, tracks and plans. Closes the frames. Watches `look ID` of each detector,
 * and `core`.
 */
export async function lookAndPlan(
  frames: readonly RawFrame<AvFrameBuffer>[],
  job: {
    readonly profile: Profile;
    readonly detectors: readonly Detector[];
    readonly watches: Stopwatches;
  },
): Promise<FramePlan[]> {
  const { profile, detectors, watches } = job;
  const pipeline = new Pipeline<AvFrameBuffer>({
    profile,
    detectors: detectors.map((detector) => detector.info),
    style: STYLE,
    mode: { kind: 'file', lookaheadMs: 4200, maxHeldFrames: 165, refine: true },
  });
  const plans: FramePlan[] = [];
  const advance = async (): Promise<void> => {
    for (let asked = true; asked;) {
      asked = false;
      for (const detector of detectors) {
        const { id } = detector.info;
        const wanted = watches.time('core', () => pipeline.nextLook(id));
        if (!wanted) continue;
        asked = true;
        const { frame, effort = 'usual' } = wanted;
        const look = await watches.timeAsync(`look ${id}`, () => detector.look(frame, { effort }));
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
  for (const frame of frames) {
    watches.time('core', () => {
      pipeline.admit(frame);
    });
    await advance();
  }
  pipeline.end();
  await advance();
  pipeline.close();
  return plans;
}
