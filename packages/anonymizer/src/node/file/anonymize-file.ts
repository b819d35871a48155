import {
  DetectorError,
  forStill,
  profileNamed,
  withDetector,
  withInsideFrom,
  type Detector,
  type Profile,
} from '@drape/anonymizer/core';
import { openAnyDetectors } from '../detectors-python/index.ts';
import { probeMedia } from '../media/index.ts';
import { anonymizeStill } from './anonymize-still.ts';
import { anonymizeVideo } from './anonymize-video.ts';
import { writeReport } from '../report/index.ts';
import type { FileHooks, FileJob, FileResult } from './job.ts';
import { RestartingDetector } from './restarting-detector.ts';

export interface FileAnonymizerOptions {
  /** CPU threads that one look may use. */
  readonly threads: number;
  /** A look that takes longer failed, and what it should have decided is covered. Default 30 s. */
  readonly lookDeadlineMs?: number;
  /** Changes the profile of every job. For measuring. */
  readonly adjust?: (profile: Profile) => Profile;
  /** Where detectors come from. Default: every backend that is installed. */
  readonly openDetectors?: typeof openAnyDetectors;
}

const LOOK_DEADLINE_MS = 30_000;

/**
 * Keeps detectors loaded between files: opening them costs more than a still. Not for two files
 * at once; give each process its own.
 */
export class FileAnonymizer implements AsyncDisposable {
  readonly #options: FileAnonymizerOptions;
  readonly #open = new Map<string, RestartingDetector>();

  constructor(options: FileAnonymizerOptions) {
    this.#options = options;
  }

  /**
   * Anonymizes one recording or picture. The output gets its name only when it is complete.
   * Throws MediaError (the file), ProfileError (the profile), DetectorError (the models).
   */
  async run(job: FileJob, hooks: FileHooks = {}): Promise<FileResult> {
    hooks.signal?.throwIfAborted();
    const { adjust = asItIs } = this.#options;
    const named = withInsideFrom(adjust(profileNamed(job.profile)), job.insideFrom);
    const kind = await probeMedia(job.input);
    const wanted = (job.detectors ?? []).reduce(withDetector, named);
    const profile = kind === 'still' ? forStill(wanted) : wanted;
    const detectors = await this.#detectorsFor(profile);
    const { lookDeadlineMs = LOOK_DEADLINE_MS } = this.#options;
    const work = { job, hooks, profile, detectors, lookDeadlineMs };
    const result = await (kind === 'still' ? anonymizeStill(work) : anonymizeVideo(work));
    if (!job.report || job.dryRun) return result;
    const { timeline } = result;
    const { signal } = hooks;
    const report = { output: job.output, kind, timeline, ...(signal ? { signal } : {}) };
    return { ...result, written: [...result.written, ...(await writeReport(report))] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map((detector) => detector.close()));
  }

  async #detectorsFor(profile: Profile): Promise<Detector[]> {
    const ids = profile.detectors.map((policy) => policy.id);
    const missing = ids.filter((id) => !this.#open.has(id));
    const { threads, openDetectors = openAnyDetectors } = this.#options;
    const opened = await openDetectors(missing, { threads });
    for (const detector of opened) {
      const { id } = detector.info;
      const reopen = async (): Promise<Detector> => {
        const [again] = await openDetectors([id], { threads });
        if (!again) throw new DetectorError(id, 'process-died');
        return again;
      };
      this.#open.set(id, new RestartingDetector(detector, reopen));
    }
    await Promise.all(opened.map((detector) => detector.warmUp()));
    const detectors = ids.flatMap((id) => this.#open.get(id) ?? []);
    for (const detector of detectors) detector.renew();
    return detectors;
  }
}

function asItIs(profile: Profile): Profile {
  return profile;
}

/** Anonymizes one file with detectors of its own. See FileAnonymizer.run. */
export async function anonymizeFile(job: FileJob, hooks: FileHooks = {}): Promise<FileResult> {
  await using anonymizer = new FileAnonymizer({ threads: 1 });
  return await anonymizer.run(job, hooks);
}
