import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { profileNamed } from '@drape/anonymizer/core';
import { FileAnonymizer, openAnyDetectors } from '@drape/anonymizer/node';
import { format, resolveConfig } from 'prettier';
import { PROJECT_ROOT } from '../data-root.ts';
import { columns, printFailures } from '../report/print.ts';
import { exposureSecondsPerHour, percent } from '../report/rows.ts';
import type { EvaluateOptions } from '../run/evaluate.ts';
import { evaluate } from '../run/evaluate.ts';
import type { UnitResult } from '../run/result.ts';
import { SETS } from '../sets.ts';
import { remembering, type Memory } from './remember.ts';
import { settingsOf } from './settings.ts';

const CLIPS = ['demo', 'hamilton'] as const;

interface Point {
  readonly setting: string;
  readonly value: string;
  readonly isShipped: boolean;
  /** Over all clips: a lower value covers more of what must be covered. */
  readonly exposureSecondsPerHour: number;
  /** Mean share of the in-body pictures that is painted, 0..1: a lower value leaves more to see. */
  readonly paintedInBody: number;
  /** Mean share of all pictures that is painted, 0..1. */
  readonly painted: number;
}

/** Measures the tracker's settings one by one and writes docs/tracker-curves.{md,json}. */
export async function writeTrackerCurves(
  options: Omit<EvaluateOptions, 'anonymizer' | 'sets' | 'hold'>,
): Promise<number> {
  const memory: Memory = new Map();
  const sets = SETS.filter((set) => CLIPS.some((name) => name === set.name));
  const points: Point[] = [];
  let failed = false;
  for (const { name, value, isShipped, adjust } of settingsOf(profileNamed(options.profile))) {
    await using anonymizer = new FileAnonymizer({
      threads: 1,
      adjust,
      openDetectors: async (ids, how) =>
        (await openAnyDetectors(ids, how)).map((detector) => remembering(detector, memory)),
    });
    const { results, failures } = await evaluate({ ...options, anonymizer, sets, hold: 'whole' });
    for (const line of printFailures(failures)) console.error(line);
    failed ||= failures.length > 0;
    points.push({ setting: name, value, isShipped, ...figuresOf(results.flatMap((r) => r.units)) });
  }
  console.log(columns(points.map(lineOf)));
  if (failed) return 1;
  const docs = join(PROJECT_ROOT, 'docs');
  const content = { profile: options.profile, clips: CLIPS, points };
  const texts = {
    'tracker-curves.json': JSON.stringify(content),
    'tracker-curves.md': page(points),
  };
  for (const [name, text] of Object.entries(texts)) {
    const filepath = join(docs, name);
    // As the project has its files: what a command writes must not fail the project's own check.
    await writeFile(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }));
  }
  return 0;
}

function figuresOf(units: readonly UnitResult[]) {
  const mean = (of: (unit: UnitResult) => { frames: number; paintedShare: number }): number => {
    const parts = units.map(of);
    const frames = parts.reduce((sum, part) => sum + part.frames, 0);
    const painted = parts.reduce((sum, part) => sum + part.frames * part.paintedShare, 0);
    return painted / Math.max(1, frames);
  };
  return {
    exposureSecondsPerHour: exposureSecondsPerHour(units) ?? 0,
    paintedInBody: mean((unit) => unit.endoscopy),
    painted: mean((unit) => unit),
  };
}

function lineOf(point: Point): string[] {
  return [
    point.setting,
    `${point.value}${point.isShipped ? ' *' : ''}`,
    `${point.exposureSecondsPerHour.toFixed(1)} s/h exposed`,
    `${percent(point.paintedInBody)} painted in body`,
    `${percent(point.painted)} painted`,
  ];
}

function page(points: readonly Point[]): string {
  const rows = points.map(
    (point) =>
      `| ${point.setting} | ${point.value}${point.isShipped ? ' (shipped)' : ''} | ${point.exposureSecondsPerHour.toFixed(1)} | ${percent(point.paintedInBody)} | ${percent(point.painted)} |`,
  );
  return `# What the tracker's settings do

Made by \`npm run eval -- --tracker-curves\` (figures: [tracker-curves.json](tracker-curves.json)). Each setting for faces is
changed alone, on the clips ${CLIPS.join(' and ')}; the looks are the same in every line, so that only the tracker differs.

| setting | value | exposed, s/h | painted in body | painted |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
