import { extname, join } from 'node:path';
import sharp from 'sharp';
import { decodeStill } from '../decode/still.ts';
import { EvalError } from '../errors.ts';
import { grownTruthPixels, judgeFrame } from '../judge/frame.ts';
import { maskOfRgb } from '../judge/mask.ts';
import type { StillUnit } from '../truth/truth.ts';
import type { RunContext } from './context.ts';
import type { UnitResult } from './result.ts';
import { Tally } from './result.ts';

/** Anonymizes one still, decodes what came out and judges it. */
export async function runStill(unit: StillUnit, set: string, run: RunContext): Promise<UnitResult> {
  const input = unit.turnDeg === 0 ? unit.path : await turnedCopy(unit, run);
  const output = join(run.workFolder, `out${extname(input)}`);
  const pipelineMs = await run.anonymize(input, output);
  const picture = await decodeStill(output);
  const source = await decodeStill(input);
  if (picture.widthPx !== source.widthPx || picture.heightPx !== source.heightPx) {
    throw new EvalError('size-changed', `${unit.path} came out with another size.`);
  }
  const mask = maskOfRgb(picture);
  const judged = judgeFrame(mask, unit.boxes);
  const tally = new Tally();
  tally.add(judged, {
    number: 0,
    weight: 1,
    pureEndoscopy: unit.boxes.length === 0,
    grownTruthPx: grownTruthPixels(picture, unit.boxes),
  });
  await run.pictures?.still({ set, unit, judged, mask, source, output: picture });
  return tally.result({ set, unit: unit.name, source: unit.source, kind: 'still', pipelineMs });
}

/** Turns the pixels themselves and keeps them losslessly, so that boxes stay exact. */
async function turnedCopy(unit: StillUnit, run: RunContext): Promise<string> {
  const path = join(run.workFolder, `turned-${unit.turnDeg}.png`);
  await sharp(unit.path).rotate(unit.turnDeg).png({ compressionLevel: 1 }).toFile(path);
  return path;
}
