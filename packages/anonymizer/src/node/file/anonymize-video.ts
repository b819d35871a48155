import { setImmediate as turn } from 'node:timers/promises';
import {
  HindsightPlans,
  lookBack,
  Pipeline,
  PlannedPainter,
  type AnonymizedFrame,
  type Detector,
  type FramePlan,
  type PipelineMode,
  type Profile,
  type RawFrame,
  type Size,
} from '@drape/anonymizer/core';
import { LookRunner } from '../look-runner.ts';
import {
  openVideoSink,
  openVideoSource,
  type AvFrameBuffer,
  type VideoSink,
  type VideoInfo,
  type VideoSource,
} from '../media/index.ts';
import type { FileHooks, FileJob, FileResult } from './job.ts';
import { PartialOutput } from './partial-output.ts';
import { ProgressMeter } from './progress.ts';
import { timelineOf } from './timeline.ts';

/**
 * How far ahead of a frame looks are known before it is painted; the second pass knows the rest.
 * Most scenes are decided within 4 s, so that a second pass is rare; carrying needs 2.1 s, and two of
 * it tell whether small print is carried that far.
 */
const WHOLE_LOOKAHEAD_MS = { least: 2200, most: 4200 };
/** Looks that are due come after the lookahead: it fills this share of the hold at most. */
const LOOKAHEAD_SHARE = 0.75;
/** Where the container does not say. */
const USUAL_FRAME_RATE = 30;
/** Memory for held frames: 165 of 1080p, 41 of 2160p, 10 of 4320p. */
const HELD_BYTES = 512 * 1024 * 1024;
const DEFAULT_CRF = 20;

interface VideoWork {
  readonly job: FileJob;
  readonly hooks: FileHooks;
  readonly profile: Profile;
  readonly detectors: readonly Detector[];
  readonly lookDeadlineMs: number;
}

type Take = (frame: AnonymizedFrame<AvFrameBuffer>) => Promise<void>;

/** What one pass left: its pipeline, and the time of each frame by its index. */
interface FirstPass {
  readonly pipeline: Pipeline<AvFrameBuffer>;
  readonly timesUs: readonly number[];
  readonly warnings: readonly string[];
  readonly size: Size;
  readonly rotationDeg: 0 | 90 | 180 | 270;
}

/** Anonymizes a video. Throws MediaError, DetectorError, ProfileError; leaves nothing partial. */
export async function anonymizeVideo(work: VideoWork): Promise<FileResult> {
  const { job, hooks, profile } = work;
  const startedMs = performance.now();
  await using firstOutput = new PartialOutput(job.output);
  const first = await firstPass(work, firstOutput.path);
  const { pipeline } = first;
  const isWhole = wantsWhole(job);
  const hindsight = lookBack(pipeline.lines, { profile, cuts: pipeline.cuts });
  // With less lookahead than carrying needs, any track may have been covered too late.
  const isShort = pipeline.shortLookaheads > 0 && hindsight.tracks.length > 0;
  const again = isWhole && (hindsight.needsSecondPass || isShort);
  await using secondOutput = new PartialOutput(job.output, 2);
  if (!job.dryRun) {
    if (again) await secondPass(work, secondOutput.path, { first, tracks: hindsight.tracks });
    hooks.signal?.throwIfAborted();
    await (again ? secondOutput : firstOutput).keep();
  }
  const { recorder } = pipeline;
  const timeline = timelineOf({
    kind: 'video',
    size: first.size,
    rotationDeg: first.rotationDeg,
    profile,
    style: job.style,
    hold: isWhole ? 'whole' : Number(job.holdMs),
    passes: again ? 2 : 1,
    lines: pipeline.lines,
    tracks: hindsight.tracks,
    recorder,
    warnings: first.warnings,
  });
  return {
    kind: 'video',
    frames: recorder.frames,
    durationUs: (recorder.lastUs ?? 0) - (recorder.firstUs ?? 0),
    elapsedMs: performance.now() - startedMs,
    coveredWholeFrames: recorder.framesCoveredWhole,
    damagedFrames: recorder.whole
      .filter((interval) => interval.cause === 'damaged')
      .reduce((sum, interval) => sum + interval.frames, 0),
    timeline,
    warnings: first.warnings,
    written: job.dryRun ? [] : [job.output],
  };
}

function wantsWhole(job: FileJob): boolean {
  return job.holdMs === undefined || job.holdMs === 'whole';
}

function modeOf(job: FileJob, info: VideoInfo): Extract<PipelineMode, { kind: 'file' }> {
  const frameBytes = info.widthPx * info.heightPx * 1.5;
  const maxHeldFrames = Math.max(8, Math.min(600, Math.floor(HELD_BYTES / frameBytes)));
  if (!wantsWhole(job)) {
    return { kind: 'file', lookaheadMs: Number(job.holdMs), maxHeldFrames, refine: false };
  }
  const { num, den } = info.averageFrameRate ?? { num: USUAL_FRAME_RATE, den: 1 };
  const roomMs = (1000 * LOOKAHEAD_SHARE * maxHeldFrames * den) / num;
  const { least, most } = WHOLE_LOOKAHEAD_MS;
  const lookaheadMs = Math.max(least, Math.min(most, Math.floor(roomMs)));
  return { kind: 'file', lookaheadMs, maxHeldFrames, refine: true };
}

async function firstPass(work: VideoWork, outputPath: string): Promise<FirstPass> {
  const { job, hooks, profile, detectors } = work;
  await using source = await openSource(job, hooks);
  const { info } = source;
  const mode = modeOf(job, info);
  const pipeline = new Pipeline<AvFrameBuffer>({
    profile,
    detectors: detectors.map((detector) => detector.info),
    style: job.style,
    mode,
  });
  const runner = new LookRunner(pipeline, detectors, {
    inFlight: job.threads,
    deadlineMs: work.lookDeadlineMs,
  });
  const meter = new ProgressMeter('anonymizing', info.frameCount, hooks);
  const timesUs: number[] = [];
  const read = async (take: Take): Promise<void> => {
    try {
      await pump(source, { pipeline, runner, timesUs }, async (frame) => {
        const { ptsUs } = frame.info;
        await take(frame);
        meter.frame(ptsUs);
      });
    } finally {
      runner.close();
      pipeline.close();
    }
  };
  if (job.dryRun) {
    await read((frame) => {
      frame.close();
      return Promise.resolve();
    });
  } else await withSink(work, { source, outputPath }, read);
  meter.done();
  const warnings = source.warnings.map((warning) => warning.message);
  const { rotationDeg } = info;
  return { pipeline, timesUs, warnings, size: info, rotationDeg };
}

/** Drives a source through a pipeline: never holds more than it may, never waits for nothing. */
async function pump(
  source: VideoSource,
  flow: {
    readonly pipeline: Pipeline<AvFrameBuffer>;
    readonly runner: LookRunner<AvFrameBuffer>;
    readonly timesUs: number[];
  },
  take: Take,
): Promise<void> {
  const { pipeline, runner, timesUs } = flow;
  const drain = async (): Promise<void> => {
    for (const frame of pipeline.release()) await take(frame);
    runner.pump();
  };
  const drainUntil = async (enough: () => boolean): Promise<void> => {
    for (;;) {
      const look = { hasSettled: false };
      const settled = runner.nextSettled().then(() => {
        look.hasSettled = true;
      });
      await drain();
      if (enough()) return;
      // A look may have been asked for and settled meanwhile.
      if (runner.isIdle) await turn();
      // Cannot happen while the pipeline keeps its word; better an error than a run that hangs.
      if (runner.isIdle && !look.hasSettled)
        throw new Error('frames wait for looks nobody asks for');
      await settled;
    }
  };
  for await (const frame of source.frames()) {
    timesUs.push(frame.info.ptsUs);
    pipeline.admit(frame);
    await drainUntil(() => !pipeline.isFull);
  }
  pipeline.end();
  await drainUntil(() => pipeline.heldFrames === 0);
}

async function secondPass(
  work: VideoWork,
  outputPath: string,
  known: { readonly first: FirstPass; readonly tracks: FirstPassTracks },
): Promise<void> {
  const { job, hooks, profile } = work;
  const { pipeline, timesUs } = known.first;
  await using source = await openSource(job, hooks);
  const plans = new HindsightPlans({
    tracks: known.tracks,
    whole: pipeline.recorder.whole,
    lines: pipeline.lines,
    profile,
    cuts: pipeline.cuts,
  });
  // The two passes must have decoded the same frames: one that the first did not see is covered.
  const planOf = ({ info }: RawFrame): FramePlan | undefined =>
    timesUs[info.index] === info.ptsUs ? plans.planOf(info) : undefined;
  const painter = new PlannedPainter<AvFrameBuffer>(planOf, job.style);
  const meter = new ProgressMeter('second-pass', timesUs.length, hooks);
  await withSink(work, { source, outputPath }, async (take) => {
    for await (const frame of source.frames()) {
      const { ptsUs } = frame.info;
      await take(painter.paint(frame));
      meter.frame(ptsUs);
    }
  });
  meter.done();
}

type FirstPassTracks = ReturnType<typeof lookBack>['tracks'];

function openSource(job: FileJob, hooks: FileHooks): Promise<VideoSource> {
  const { signal } = hooks;
  return openVideoSource(job.input, { threads: job.threads, ...(signal ? { signal } : {}) });
}

/** Opens a sink, lets `write` fill it, and finishes it, or aborts it where anything fails. */
async function withSink(
  { job, hooks }: VideoWork,
  to: { readonly source: VideoSource; readonly outputPath: string },
  write: (take: Take) => Promise<void>,
): Promise<void> {
  const { signal } = hooks;
  const sink: VideoSink = await openVideoSink(to.outputPath, {
    info: to.source.info,
    preset: job.preset,
    crf: job.crf ?? DEFAULT_CRF,
    audio: job.audio,
    threads: job.threads,
    ...(signal ? { signal } : {}),
  });
  try {
    await write((frame) => sink.write(frame));
    await sink.finish();
  } catch (error) {
    await sink.abort();
    throw error;
  }
}
