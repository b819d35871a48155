import { fileURLToPath } from 'node:url';
import { profileNamed, VIEW_DETECTOR } from '@drape/anonymizer/core';
import type { FileJob } from '@drape/anonymizer/node';
import { INTERRUPTED } from '../exit-codes.ts';
import { checkOutputs } from '../inputs/check-outputs.ts';
import type { CheckedFiles } from '../inputs/check-outputs.ts';
import { findInputs } from '../inputs/find-inputs.ts';
import type { FoundInputs } from '../inputs/find-inputs.ts';
import { placeOutputs } from '../inputs/place-outputs.ts';
import { watchInterruption } from '../interruption.ts';
import { defaultConcurrency, runJobs } from '../jobs/run-jobs.ts';
import { Tally } from '../jobs/tally.ts';
import { checkDetectors } from '../options/detectors.ts';
import { parseStyle } from '../options/style.ts';
import type { StyleName } from '../options/style.ts';
import { UserError } from '../user-error.ts';
import { openView } from '../views/open-view.ts';

/** The options of `drape anonymize`, as commander gives them. */
export interface AnonymizeOptions extends Pick<
  FileJob,
  'profile' | 'audio' | 'preset' | 'crf' | 'detectors' | 'insideFrom'
> {
  readonly output?: string;
  readonly style: StyleName;
  readonly fill?: string;
  readonly jobs?: number;
  readonly report?: true;
  readonly dryRun?: true;
  readonly overwrite?: true;
  readonly json?: true;
}

const PROCESS = {
  workerFile: fileURLToPath(new URL('../file-worker.ts', import.meta.url)),
  /** One that drops its last frames and removes its file needs well under a second. */
  graceMs: 8_000,
  /** 24 lost signs of life: longer than the warm-up, the longest single step, on a busy machine. */
  silenceMs: 120_000,
};

/** `drape anonymize`. Returns the exit code; the view tells every file's fate. */
export async function anonymize(
  args: readonly string[],
  options: AnonymizeOptions,
): Promise<number> {
  const startedMs = performance.now();
  const { found, checked, jobs } = await prepare(args, options);
  const view = openView({ json: options.json === true });
  using interruption = watchInterruption((signal) => {
    view.stopping(signal);
  });
  const concurrency = Math.max(1, Math.min(jobs.length, options.jobs ?? defaultConcurrency()));
  const tally = new Tally(view, interruption.signal);
  view.planned({ files: jobs.length, concurrency });
  for (const { path, why } of found.skipped) view.skipped(path, why);
  for (const { path, failure } of [...found.failed, ...checked.failed]) tally.refuse(path, failure);

  await runJobs(jobs, tally, { process: PROCESS, concurrency, signal: interruption.signal });

  const exitCode =
    interruption.received === undefined ? tally.exitCode() : INTERRUPTED[interruption.received];
  view.finished({
    done: tally.done,
    failed: tally.failed,
    unfinished:
      jobs.length + found.failed.length + checked.failed.length - tally.done - tally.failed.length,
    skipped: found.skipped.length,
    elapsedMs: performance.now() - startedMs,
    exitCode,
    isDryRun: options.dryRun === true,
  });
  return exitCode;
}

/** Everything that can be wrong before a frame is read. @throws UserError, ProfileError */
async function prepare(
  args: readonly string[],
  options: AnonymizeOptions,
): Promise<{ found: FoundInputs; checked: CheckedFiles; jobs: Omit<FileJob, 'threads'>[] }> {
  const { output, fill, profile, audio, preset, crf, detectors, insideFrom } = options;
  const report = options.report === true;
  const overwrite = options.overwrite === true;
  const style = parseStyle(options.style, fill);
  const { detectors: policies } = profileNamed(profile);
  if (insideFrom !== undefined && !policies.some(({ id }) => id === VIEW_DETECTOR)) {
    throw new UserError(
      '--inside-from belongs to --profile endoscope-strict: add it, or leave this out',
    );
  }
  await checkDetectors(detectors);
  const found = await findInputs(args, output);
  const isOneFile = args.length === 1 && found.files[0]?.isFromFolder === false;
  const checked = await checkOutputs(await placeOutputs(found.files, { output, isOneFile }), {
    report,
    overwrite,
  });
  const jobs = checked.ready.map((file) => ({
    ...file,
    profile,
    style,
    audio,
    preset,
    report,
    dryRun: options.dryRun === true,
    ...(crf === undefined ? {} : { crf }),
    ...(detectors === undefined ? {} : { detectors }),
    ...(insideFrom === undefined ? {} : { insideFrom }),
  }));
  return { found, checked, jobs };
}
