import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { boxSchema, readTruth } from './read-json.ts';
import type { ClipUnit, TruthBox, TruthFrame } from './truth.ts';

const faceSchema = z
  .object({ box: boxSchema, vis: z.enum(['clear', 'hard', 'ignore']) })
  .transform(({ box, vis }): TruthBox => ({ kind: 'face', visibility: vis, box }));

const facesSchema = z.object({
  video: z.string(),
  frames: z.number(),
  frames_gt: z.record(z.string().regex(/^\d+$/), z.array(faceSchema)),
});

const demoSchema = z.object({
  video: z.string(),
  frames_gt: z.array(
    z.object({
      state: z.string(),
      faces: z.array(faceSchema),
      text: z.array(z.object({ box: boxSchema })),
      text_gt: z.boolean(),
    }),
  ),
});

/**
 * A clip whose listed frames carry faces. Each listed frame stands for the frames up to the next
 * one; the last one for as many as the step before it, but not beyond the end.
 */
export async function readFaceClip(truthPath: string): Promise<ClipUnit> {
  const truth = await readTruth(truthPath, facesSchema);
  const numbers = Object.keys(truth.frames_gt)
    .map(Number)
    .sort((a, b) => a - b);
  const frames = new Map<number, TruthFrame>();
  let stepFrames = 1;
  for (const [at, number] of numbers.entries()) {
    const next = numbers[at + 1];
    stepFrames = next === undefined ? Math.min(stepFrames, truth.frames - number) : next - number;
    const boxes = truth.frames_gt[String(number)] ?? [];
    frames.set(number, { weight: stepFrames, boxes, pureEndoscopy: false });
  }
  return clip(join(dirname(truthPath), truth.video), { frames });
}

/** The demo clip: every frame has ground truth; text counts only where `text_gt` is true. */
export async function readDemo(truthPath: string): Promise<ClipUnit> {
  const truth = await readTruth(truthPath, demoSchema);
  const frames = new Map<number, TruthFrame>();
  for (const [number, frame] of truth.frames_gt.entries()) {
    const text = frame.text_gt ? frame.text : [];
    frames.set(number, {
      weight: 1,
      boxes: [
        ...frame.faces,
        ...text.map(({ box }): TruthBox => ({ kind: 'text', visibility: 'clear', box })),
      ],
      pureEndoscopy: frame.state === 'in_body' && text.length === 0,
    });
  }
  return clip(join(dirname(truthPath), truth.video), { frames });
}

/** A clip without a face or a line of text in any frame. */
export function endoscopyClip(path: string): ClipUnit {
  return clip(path, { otherFrames: { weight: 1, boxes: [], pureEndoscopy: true } });
}

/** A clip with one face in every frame, not boxed. */
export function talkingHead(path: string): ClipUnit {
  return { ...clip(path, {}), faceInEveryFrame: true };
}

function clip(
  path: string,
  truth: { frames?: ReadonlyMap<number, TruthFrame>; otherFrames?: TruthFrame },
): ClipUnit {
  return {
    kind: 'clip',
    name: basename(path),
    path,
    frames: truth.frames ?? new Map(),
    otherFrames: truth.otherFrames,
    faceInEveryFrame: false,
    source: basename(path),
  };
}
