import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILL_NAME } from '../judge/fill.ts';
import type { Pictures } from '../pictures/pictures.ts';
import type { Progress } from '../progress.ts';
import type { SetResult } from '../report/rows.ts';
import type { Failure } from '../run/evaluate.ts';
import type { UnitResult } from '../run/result.ts';
import type { EvalSet } from '../sets.ts';
import type { ClipUnit } from '../truth/truth.ts';
import type { LiveFacts } from './judge-seen.ts';
import { judgeSeen } from './judge-seen.ts';
import type { LiveMode, LiveStats } from './probe.ts';
import { probeClip } from './probe.ts';

export interface LiveOptions {
  readonly root: string;
  readonly sets: readonly EvalSet[];
  readonly mode: LiveMode;
  readonly profile: string;
  readonly progress: Progress;
  readonly pictures: Pictures | undefined;
  /** Where recordings stay; undefined: they are removed. */
  readonly keepFolder: string | undefined;
  readonly signal: AbortSignal;
}

/** What one clip looked like to a viewer, beside the table's figures. */
export interface LiveUnit extends LiveFacts {
  readonly set: string;
  readonly unit: string;
  readonly stats: LiveStats;
}

export interface LiveEvaluation {
  readonly mode: LiveMode;
  readonly results: readonly SetResult[];
  readonly units: readonly LiveUnit[];
  readonly failures: readonly Failure[];
}

/** Publishes and watches every clip of the sets in one mode. One that fails does not stop the others. */
export async function evaluateLive(options: LiveOptions): Promise<LiveEvaluation> {
  const { mode, progress, keepFolder } = options;
  const work = keepFolder ?? (await mkdtemp(join(tmpdir(), 'drape-eval-live-')));
  const results: SetResult[] = [];
  const units: LiveUnit[] = [];
  const failures: Failure[] = [];
  try {
    for (const set of options.sets) {
      progress.startSet(`${set.name}, ${mode}`);
      const judged: UnitResult[] = [];
      const clips = (await set.load(options.root)).filter((unit) => unit.kind === 'clip');
      for (const [at, unit] of clips.entries()) {
        options.signal.throwIfAborted();
        progress.unit(`${set.name}, ${mode}`, at + 1, clips.length);
        try {
          const one = await runOne(unit, set.name, { options, work });
          judged.push(one.result);
          units.push({ set: set.name, unit: unit.name, stats: one.stats, ...one.facts });
        } catch (error) {
          if (options.signal.aborted) throw error;
          const message = error instanceof Error ? error.message : String(error);
          failures.push({ set: `${set.name}, ${mode}`, unit: unit.name, message });
        }
      }
      results.push({ set, units: judged });
      progress.endSet(`${set.name}, ${mode}`, judged.length);
    }
  } finally {
    if (keepFolder === undefined) await rm(work, { recursive: true, force: true });
  }
  return { mode, results, units, failures };
}

async function runOne(
  unit: ClipUnit,
  set: string,
  run: { readonly options: LiveOptions; readonly work: string },
): Promise<{
  readonly result: UnitResult;
  readonly facts: LiveFacts;
  readonly stats: LiveStats;
}> {
  const { options, work } = run;
  const outFolder = join(work, `${options.mode}-${unit.name}`);
  await mkdir(outFolder, { recursive: true });
  const { mode, profile, signal } = options;
  const seen = await probeClip({
    clip: unit.path,
    mode,
    profile,
    fill: FILL_NAME,
    outFolder,
    signal,
  });
  const judged = await judgeSeen(unit, set, { seen, pictures: options.pictures });
  if (options.keepFolder === undefined) await rm(outFolder, { recursive: true, force: true });
  return { ...judged, stats: seen.stats };
}
