import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Profile } from '@drape/anonymizer/core';
import { FileAnonymizer, type FileJob } from '@drape/anonymizer/node';
import type { Timeline } from '@drape/contract';
import { FILL } from '../judge/fill.ts';
import type { Hold } from '../options.ts';
import type { Pictures } from '../pictures/pictures.ts';
import type { Progress } from '../progress.ts';
import type { SetResult } from '../report/rows.ts';
import type { EvalSet } from '../sets.ts';
import type { Unit } from '../truth/truth.ts';
import { runClip } from './clip.ts';
import type { RunContext } from './context.ts';
import type { UnitResult } from './result.ts';
import { runStill } from './still.ts';

export interface EvaluateOptions {
  /** The caller keeps it, so that whatever is compared is compared with the same weights. */
  readonly anonymizer: FileAnonymizer;
  readonly root: string;
  readonly sets: readonly EvalSet[];
  readonly profile: string;
  readonly hold: Hold;
  readonly threads: number;
  readonly pictures?: Pictures | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Failure {
  readonly set: string;
  readonly unit: string;
  readonly message: string;
}

export interface Evaluation {
  readonly results: readonly SetResult[];
  readonly failures: readonly Failure[];
  /** What looked: thresholds and the hashes of the weights. Empty if nothing could be run. */
  readonly detectors: Timeline['policy']['detectors'];
}

/** Quality of the output that is judged; the figures must not hang on it. */
const PRESET = 'veryfast';

/** Runs the pipeline over every unit of the sets. A unit that fails does not stop the others. */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  let detectors: Evaluation['detectors'] = [];
  const workFolder = await mkdtemp(join(tmpdir(), 'drape-eval-'));
  await using facesAlone = new FileAnonymizer({ threads: options.threads, adjust: onlyFaces });
  const runWith = (anonymizer: FileAnonymizer, set: EvalSet): RunContext => ({
    workFolder,
    pictures: options.pictures,
    anonymize: async (input, output) => {
      // A failed run must never be judged by the output of the one before.
      await rm(output, { force: true });
      const { elapsedMs, timeline } = await anonymizer.run(jobOf(input, output, options, set), {
        signal: options.signal,
        onProgress: ({ framesDone, framesTotal, framesPerSecond }) => {
          options.progress.frames(framesDone, framesTotal, framesPerSecond);
        },
      });
      if (anonymizer === options.anonymizer) ({ detectors } = timeline.policy);
      return elapsedMs;
    },
  });
  const results: SetResult[] = [];
  const failures: Failure[] = [];
  try {
    for (const set of options.sets) {
      options.progress.startSet(set.name);
      const units = await set.load(options.root);
      const judged: UnitResult[] = [];
      const run = runWith(set.facesAlone ? facesAlone : options.anonymizer, set);
      for (const [at, unit] of units.entries()) {
        options.signal.throwIfAborted();
        options.progress.unit(set.name, at + 1, units.length);
        try {
          judged.push(await runUnit(unit, set.name, run));
        } catch (error) {
          if (options.signal.aborted) throw error;
          const message = error instanceof Error ? error.message : String(error);
          failures.push({ set: set.name, unit: unit.name, message });
        }
      }
      results.push({ set, units: judged });
      options.progress.endSet(set.name, judged.length);
    }
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
  return { results, failures, detectors };
}

function onlyFaces(profile: Profile): Profile {
  return { ...profile, detectors: profile.detectors.filter(({ id }) => id.startsWith('face-')) };
}

function runUnit(unit: Unit, set: string, run: RunContext): Promise<UnitResult> {
  return unit.kind === 'still' ? runStill(unit, set, run) : runClip(unit, set, run);
}

function jobOf(
  input: string,
  output: string,
  options: EvaluateOptions,
  { asFrames }: EvalSet,
): FileJob {
  return {
    input,
    output,
    profile: options.profile,
    style: { kind: 'solid', fill: FILL },
    audio: 'drop',
    preset: PRESET,
    report: false,
    dryRun: false,
    threads: options.threads,
    holdMs: options.hold,
    ...(asFrames ? { stillEffort: 'both' } : {}),
  };
}
