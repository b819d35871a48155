import type { DecodedFrame } from '../decode/video.ts';
import { decodeVideo } from '../decode/video.ts';
import { EvalError } from '../errors.ts';
import type { JudgedFrame } from '../judge/frame.ts';
import { judgeFrame } from '../judge/frame.ts';
import { maskOfPlanes } from '../judge/mask.ts';
import type { Pictures } from '../pictures/pictures.ts';
import { faceTruthPixels, withUnboxedFace } from '../run/clip.ts';
import type { UnitResult } from '../run/result.ts';
import { Tally } from '../run/result.ts';
import type { ClipUnit, TruthFrame } from '../truth/truth.ts';
import type { Seen, ViewerFrame } from './probe.ts';

/** How far judging could go, and what it could not say. */
export interface LiveFacts {
  readonly framesShown: number;
  /** Frames whose number is not read but follows from their neighbours. */
  readonly inferred: number;
  /** Of those, frames that are not covered whole: what they show was judged by a guessed number. */
  readonly inferredUncovered: number;
  /**
   * Frames whose inferred number is uncertain by some frames, and that are exposed by the truth of the
   * likeliest one but not of another: around a scene cut. Not judged; for people to look at.
   */
  readonly uncertain: number;
  /** Frames without a number that are not covered whole. Nothing can be said of them. */
  readonly unjudged: number;
}

/** Judges every frame that the viewer saw with the ground truth of its source frame. */
export async function judgeSeen(
  unit: ClipUnit,
  set: string,
  job: { readonly seen: Seen; readonly pictures: Pictures | undefined },
): Promise<{ readonly result: UnitResult; readonly facts: LiveFacts }> {
  const { seen, pictures } = job;
  const tally = new Tally();
  const facts = { framesShown: 0, inferred: 0, inferredUncovered: 0, uncertain: 0, unjudged: 0 };
  for await (const decoded of decodeVideo(seen.recording)) {
    const shown = seen.frames[decoded.index];
    if (!shown) throw new EvalError('extra-frames', `${seen.recording}: frames.json is shorter.`);
    const output = pictureOf(decoded, seen, shown);
    // A live H.264 stream seldom says its matrix, and the two carriers need not say the same.
    const mask = maskOfPlanes(output.planes, { matrixGuessed: true });
    const judge = (by: TruthFrame | undefined): JudgedFrame =>
      withUnboxedFace(judgeFrame(mask, by?.boxes ?? []), unit);
    const likeliest = truthOf(unit, shown.number);
    const isUncertain =
      judge(likeliest).exposed &&
      numbersOf(shown)
        .flatMap((number) => truthOf(unit, number) ?? [])
        .some((other) => !judge(other).exposed);
    const truth = isUncertain ? undefined : likeliest;
    const judged = judge(truth);
    facts.framesShown++;
    if (shown.how === 'inferred') facts.inferred++;
    if (shown.how === 'inferred' && !judged.whole) facts.inferredUncovered++;
    if (isUncertain) facts.uncertain++;
    if (shown.how === 'unknown' && !judged.whole) facts.unjudged++;
    tally.add(judged, {
      number: shown.number ?? -1,
      weight: truth?.weight ?? (unit.faceInEveryFrame ? 1 : 0),
      pureEndoscopy: truth?.pureEndoscopy ?? false,
      grownTruthPx: faceTruthPixels(truth, output),
    });
    // There is no raw picture beside it here: both halves show what the viewer saw.
    await pictures?.frame({ set, unit, judged, mask, source: output, output, truth });
  }
  const source = {
    set,
    unit: unit.name,
    source: unit.source,
    kind: 'clip',
    pipelineMs: 0,
  } as const;
  return { result: tally.result(source), facts };
}

function truthOf(unit: ClipUnit, number: number | null): TruthFrame | undefined {
  if (number === null) return undefined;
  return unit.frames.get(number) ?? unit.otherFrames;
}

/** The other source frames that an inferred one may be. */
function numbersOf({ number, how, withinFrames = 0 }: ViewerFrame): number[] {
  if (number === null || how !== 'inferred') return [];
  return Array.from({ length: 2 * withinFrames + 1 }, (_, at) => number - withinFrames + at);
}

/** The rows of the clip's own picture: the strip below them is the probe's. */
function pictureOf(decoded: DecodedFrame, seen: Seen, shown: ViewerFrame): DecodedFrame {
  const { widthPx, heightPx } = seen.picture;
  if (decoded.planes.widthPx !== widthPx || decoded.planes.heightPx < heightPx) {
    throw new EvalError('size-changed', `${seen.recording} has another size than the clip.`);
  }
  return {
    ...decoded,
    index: shown.number ?? decoded.index,
    planes: { ...decoded.planes, heightPx },
  };
}
