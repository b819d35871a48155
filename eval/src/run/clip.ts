import { extname, join } from 'node:path';
import type { DecodedFrame } from '../decode/video.ts';
import { decodeVideo } from '../decode/video.ts';
import { EvalError } from '../errors.ts';
import type { JudgedFrame } from '../judge/frame.ts';
import { grownTruthPixels, judgeFrame } from '../judge/frame.ts';
import { maskOfPlanes } from '../judge/mask.ts';
import { matchByTime } from '../judge/match.ts';
import type { ClipUnit, TruthFrame } from '../truth/truth.ts';
import type { RunContext } from './context.ts';
import type { UnitResult } from './result.ts';
import { Tally } from './result.ts';

/** Less paint than this in a frame is codec noise: for clips with an unboxed face in every frame. */
const NOTHING_PAINTED = 0.001;

/** Anonymizes one clip, decodes source and output in step and judges every output frame. */
export async function runClip(unit: ClipUnit, set: string, run: RunContext): Promise<UnitResult> {
  const output = join(run.workFolder, `out${extname(unit.path)}`);
  const pipelineMs = await run.anonymize(unit.path, output);
  const tally = await judgeClip(unit, { set, output, run });
  return tally.result({ set, unit: unit.name, source: unit.source, kind: 'clip', pipelineMs });
}

async function judgeClip(
  unit: ClipUnit,
  job: { readonly set: string; readonly output: string; readonly run: RunContext },
): Promise<Tally> {
  const tally = new Tally();
  for await (const pair of matchByTime(decodeVideo(unit.path), decodeVideo(job.output))) {
    const { source, output } = pair;
    const truth = unit.frames.get(source.index) ?? unit.otherFrames;
    const weight = truth?.weight ?? (unit.faceInEveryFrame ? 1 : 0);
    if (!output) {
      tally.missing(weight);
      continue;
    }
    checkSize(source, output, unit.path);
    const mask = maskOfPlanes(output.planes, output);
    const judged = withUnboxedFace(judgeFrame(mask, truth?.boxes ?? []), unit);
    tally.add(judged, {
      number: source.index,
      weight,
      pureEndoscopy: truth?.pureEndoscopy ?? false,
      grownTruthPx: faceTruthPixels(truth, output),
    });
    await job.run.pictures?.frame({ set: job.set, unit, judged, mask, source, output, truth });
  }
  return tally;
}

/** Where no face is boxed, a frame without any paint exposes it: a lower bound. */
export function withUnboxedFace(judged: JudgedFrame, unit: ClipUnit): JudgedFrame {
  if (!unit.faceInEveryFrame) return judged;
  return { ...judged, exposed: judged.paintedShare < NOTHING_PAINTED };
}

/** What grown ground truth would paint in a frame that has a face box, in pixels; else 0. */
export function faceTruthPixels(truth: TruthFrame | undefined, frame: DecodedFrame): number {
  const hasFace = truth?.boxes.some((one) => one.kind === 'face') ?? false;
  return hasFace && truth ? grownTruthPixels(frame.planes, truth.boxes) : 0;
}

function checkSize(source: DecodedFrame, output: DecodedFrame, path: string): void {
  const same =
    source.planes.widthPx === output.planes.widthPx &&
    source.planes.heightPx === output.planes.heightPx;
  if (!same) throw new EvalError('size-changed', `${path} came out with another size.`);
}
