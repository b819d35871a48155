import { Pipeline, type Detector, type Profile } from '@drape/anonymizer/core';
import { LookRunner } from '../look-runner.ts';
import { readStill, writeStill } from '../media/index.ts';
import type { FileHooks, FileJob, FileResult } from './job.ts';
import { PartialOutput } from './partial-output.ts';
import { timelineOf } from './timeline.ts';

/** Anonymizes one picture. Throws MediaError, DetectorError, ProfileError; leaves nothing partial. */
export async function anonymizeStill(work: {
  readonly job: FileJob;
  readonly hooks: FileHooks;
  readonly profile: Profile;
  readonly detectors: readonly Detector[];
  readonly lookDeadlineMs: number;
}): Promise<FileResult> {
  const { job, hooks, profile, detectors } = work;
  const startedMs = performance.now();
  const { frame } = await readStill(job.input);
  const { info } = frame;
  const pipeline = new Pipeline({
    profile,
    detectors: detectors.map((detector) => detector.info),
    style: job.style,
    mode: { kind: 'file', lookaheadMs: 0, maxHeldFrames: 1, refine: false },
  });
  const runner = new LookRunner(pipeline, detectors, {
    inFlight: 1,
    deadlineMs: work.lookDeadlineMs,
    effort: job.stillEffort ?? 'thorough',
  });
  try {
    pipeline.admit(frame);
    pipeline.end();
    runner.pump();
    while (!runner.isIdle) await runner.nextSettled();
    hooks.signal?.throwIfAborted();
    await using output = new PartialOutput(job.output);
    for (const painted of pipeline.release()) {
      try {
        if (!job.dryRun) await writeStill(output.path, painted);
      } finally {
        painted.close();
      }
    }
    if (!job.dryRun) await output.keep();
  } finally {
    runner.close();
    pipeline.close();
  }
  const { recorder } = pipeline;
  const timeline = timelineOf({
    kind: 'still',
    size: info,
    rotationDeg: info.rotationDeg,
    profile,
    style: job.style,
    hold: 'whole',
    passes: 1,
    lines: pipeline.lines,
    tracks: pipeline.lines.flatMap((line) => line.finish()),
    recorder,
    warnings: [],
  });
  hooks.onProgress?.({
    stage: 'anonymizing',
    framesDone: 1,
    framesTotal: 1,
    ptsUs: 0,
    framesPerSecond: 1000 / Math.max(1, performance.now() - startedMs),
  });
  return {
    kind: 'still',
    frames: 1,
    durationUs: 0,
    elapsedMs: performance.now() - startedMs,
    coveredWholeFrames: recorder.framesCoveredWhole,
    damagedFrames: 0,
    timeline,
    warnings: [],
    written: job.dryRun ? [] : [job.output],
  };
}
