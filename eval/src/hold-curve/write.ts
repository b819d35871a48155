import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../data-root.ts';
import type { Hold } from '../options.ts';
import { columns, printFailures } from '../report/print.ts';
import { exposureSecondsPerHour, percent } from '../report/rows.ts';
import type { EvaluateOptions, Evaluation } from '../run/evaluate.ts';
import { evaluate } from '../run/evaluate.ts';
import type { UnitResult } from '../run/result.ts';
import { SETS } from '../sets.ts';
import { drawHoldCurve } from './draw.ts';

const HOLDS: readonly Hold[] = [0, 100, 200, 400, 'whole'];
const CLIPS = ['demo', 'hamilton', 'asl', 'webcam_head'] as const;

/** One clip (or group of clips) at one hold. */
export interface CurvePoint {
  readonly hold: Hold;
  readonly set: string;
  readonly exposureSecondsPerHour: number;
  /** Share of the output's frames that were covered whole, 0..1. */
  readonly wholeShare: number;
  /** Share of clear face boxes that were covered, 0..1. */
  readonly clearFacesCovered: number;
}

/** Exposure and cost for one set at one hold. */
export function curvePoint(hold: Hold, set: string, units: readonly UnitResult[]): CurvePoint {
  const add = (pick: (unit: UnitResult) => number): number =>
    units.reduce((all, unit) => all + pick(unit), 0);
  const faces = add((unit) => unit.clearFaces.all);
  return {
    hold,
    set,
    exposureSecondsPerHour: exposureSecondsPerHour(units) ?? 0,
    wholeShare:
      add((unit) => unit.wholeFrames) /
      Math.max(
        1,
        add((unit) => unit.frames),
      ),
    clearFacesCovered: faces > 0 ? add((unit) => unit.clearFaces.covered) / faces : 1,
  };
}

/** Compares holds on the clips with faces, prints them and writes docs/hold-curve.{svg,json}. */
export async function writeHoldCurve(options: EvaluateOptions): Promise<number> {
  const sets = SETS.filter((set) => CLIPS.some((name) => name === set.name));
  const points: CurvePoint[] = [];
  let failed = false;
  let detectors: Evaluation['detectors'] = [];
  for (const hold of HOLDS) {
    const evaluation = await evaluate({ ...options, sets, hold });
    const { results, failures } = evaluation;
    ({ detectors } = evaluation);
    for (const { set, units } of results) points.push(curvePoint(hold, set.name, units));
    for (const line of printFailures(failures)) console.error(line);
    failed ||= failures.length > 0;
  }
  const lines = points.map((point) => [
    String(point.hold),
    point.set,
    `${point.exposureSecondsPerHour.toFixed(1)} s/h exposed`,
    `${percent(point.wholeShare)} covered whole`,
    `${percent(point.clearFacesCovered)} of clear faces`,
  ]);
  console.log(columns(lines));
  if (failed) return 1;
  const docs = join(PROJECT_ROOT, 'docs');
  await mkdir(docs, { recursive: true });
  const content = { profile: options.profile, detectors, points };
  await writeFile(join(docs, 'hold-curve.json'), `${JSON.stringify(content, undefined, 2)}\n`);
  await writeFile(join(docs, 'hold-curve.svg'), drawHoldCurve(points));
  return 0;
}
