import type { PublisherStats } from '@drape/contract';
import { numberOf } from '../barcode/bits.ts';
import type { PageState, Tap } from '../browser/tap.ts';
import type { TapRecord } from '../browser/tap-worker.ts';
import type { CameraFile } from '../clip/camera-file.ts';
import type { ProcessCpu } from '../measure/cpu.ts';
import type { Fluency } from '../measure/freezes.ts';
import { fluencyOf } from '../measure/freezes.ts';
import { latencies } from '../measure/latency.ts';
import { numberFrames } from '../measure/numbers.ts';
import type { Spread } from '../measure/percentile.ts';
import { percentile, spreadOf } from '../measure/percentile.ts';
import type { KeptPicture } from '../record/encode.ts';
import type { ProbeJob } from './run.ts';

/** What was gathered while it ran. */
export interface Recording {
  readonly seconds: number;
  /** What the anonymizing pipeline said of itself, second by second. */
  readonly pipeline: readonly PublisherStats[];
  readonly camera: Pick<Tap, 'records' | 'states'>;
  readonly viewer: Pick<Tap, 'records' | 'states' | 'failures'>;
  readonly cpu: readonly ProcessCpu[];
  readonly loadBefore: number;
  readonly loadAfter: number;
}

/** One frame of viewer.mp4. */
export interface AccountedFrame {
  readonly index: number;
  /** Of the clip, from 0; null where nothing tells. */
  readonly number: number | null;
  /** `read` from the barcode; `inferred` from neighbours by time, right within `withinFrames`. */
  readonly how: 'read' | 'inferred' | 'unknown';
  readonly withinFrames?: number;
  readonly shownAtMs: number;
  readonly mediaTimeS: number;
  /** From the publisher's camera to the viewer's screen; null where the barcode is not read. */
  readonly latencyMs: number | null;
  /** Size in which it came. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** What the watch page said at that time. */
  readonly state: string | null;
  readonly epoch: string | null;
}

export interface ProbeStats {
  readonly clip: string;
  readonly mode: 'edge' | 'server';
  readonly seconds: number;
  /** How long frames waited for their detectors, median of what the pipeline says. */
  readonly holdMs: number | null;
  /** What the pipeline said of itself, second by second. */
  readonly pipeline: readonly PublisherStats[];
  readonly load: { readonly before: number; readonly after: number };
  readonly camera: { readonly framesPerSecond: number; readonly frames: number };
  readonly viewer: Fluency & {
    readonly frames: number;
    readonly read: number;
    readonly inferred: number;
    readonly unknown: number;
    /** Sizes that pictures came in, with how many of each. */
    readonly sizes: Readonly<Record<string, number>>;
  };
  /** From the camera's frame in the publisher's page to the viewer's screen. */
  readonly glassToGlassMs: Spread | undefined;
  /** The same without the first seconds, in which bitrate and jitter buffer settle. */
  readonly settledMs: Spread | undefined;
  readonly states: {
    readonly publisher: readonly PageState[];
    readonly viewer: readonly PageState[];
  };
  readonly cpu: readonly ProcessCpu[];
  /** The recording itself: pictures that were shown but not recorded. */
  readonly capture: {
    readonly missed: number;
    readonly share: number;
    readonly behind: boolean;
    readonly failures: readonly string[];
  };
}

export interface Account {
  readonly source: {
    readonly clip: string;
    readonly mode: string;
    readonly picture: { readonly widthPx: number; readonly heightPx: number };
    readonly stripPx: number;
    readonly framesPerSecond: number;
    readonly framesOfClip: number;
  };
  readonly frames: readonly AccountedFrame[];
  readonly kept: readonly KeptPicture[];
  readonly stats: ProbeStats;
}

const SETTLING_MS = 5000;
/** More than this share of pictures missed: figures of fluency are the recording's, not the product's. */
const BEHIND_FROM = 0.02;

const fact = (record: TapRecord, name: string): number => record.facts[name] ?? NaN;
const readNumber = (record: TapRecord): number | undefined => numberOf(record.lumas[0] ?? []);

export function accountOf(job: ProbeJob, camera: CameraFile, recording: Recording): Account {
  const seen = recording.viewer.records.filter((record) => !record.skipped);
  const looks = seen.map((record) => ({
    read: validNumber(readNumber(record), camera),
    mediaTimeS: fact(record, 'mediaTimeS'),
    shownAtMs: fact(record, 'shownAtMs'),
    presentedFrames: fact(record, 'presentedFrames'),
  }));
  const numbered = numberFrames(looks, camera);
  const cameraSightings = recording.camera.records.map((record) => ({
    number: readNumber(record),
    atMs: fact(record, 'atMs'),
  }));
  const latency = latencies(
    cameraSightings,
    looks.map((look) => ({ number: look.read, atMs: look.shownAtMs })),
  );
  const frames = seen.map((record, index): AccountedFrame => {
    const shownAtMs = fact(record, 'shownAtMs');
    const state = recording.viewer.states.findLast((one) => one.atMs <= shownAtMs);
    return {
      index,
      ...(numbered[index] ?? { number: null, how: 'unknown' }),
      shownAtMs: Math.round(shownAtMs * 10) / 10,
      mediaTimeS: fact(record, 'mediaTimeS'),
      latencyMs: roundedOrNull(latency[index]),
      widthPx: record.widthPx,
      heightPx: record.heightPx,
      state: state?.state ?? null,
      epoch: state?.epoch ?? null,
    };
  });
  const { widthPx, heightPx, stripPx, framesPerSecond } = camera;
  return {
    source: {
      clip: job.clip,
      mode: job.mode,
      picture: { widthPx, heightPx },
      stripPx,
      framesPerSecond,
      framesOfClip: camera.frames,
    },
    frames,
    kept: keptPictures(seen),
    stats: statsOf(job, recording, { frames, fluency: fluencyOf(looks) }),
  };
}

/** A number beyond the clip's last frame was not written by us. */
function validNumber(number: number | undefined, camera: CameraFile): number | undefined {
  return number !== undefined && number < camera.frames ? number : undefined;
}

function roundedOrNull(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10) / 10;
}

/** Two pictures can be given to one refresh of the screen; a file wants rising times. */
const LEAST_APART_US = 1000;

function keptPictures(records: readonly TapRecord[]): KeptPicture[] {
  const startMs = records[0] ? fact(records[0], 'shownAtMs') : 0;
  let lastUs = -LEAST_APART_US;
  return records.map((record) => {
    const shownUs = Math.round((fact(record, 'shownAtMs') - startMs) * 1000);
    lastUs = Math.max(lastUs + LEAST_APART_US, shownUs);
    const { at = 0, widthPx, heightPx, format } = record;
    return { at, widthPx, heightPx, format, ptsUs: lastUs };
  });
}

function statsOf(
  job: ProbeJob,
  recording: Recording,
  shown: { readonly frames: readonly AccountedFrame[]; readonly fluency: Fluency },
): ProbeStats {
  const { frames, fluency } = shown;
  const count = (how: AccountedFrame['how']): number =>
    frames.filter((frame) => frame.how === how).length;
  const startMs = frames[0]?.shownAtMs ?? 0;
  const latency = (fromMs: number): Spread | undefined =>
    spreadOf(
      frames
        .filter((frame) => frame.shownAtMs >= startMs + fromMs)
        .flatMap((frame) => frame.latencyMs ?? []),
    );
  // Pictures that the worker skipped are among them: no record of theirs is in `frames`.
  const missed = fluency.unseen;
  const share = missed / Math.max(1, frames.length + missed);
  const cameraTimes = recording.camera.records.map((record) => fact(record, 'atMs'));
  const cameraMs = (cameraTimes.at(-1) ?? 0) - (cameraTimes[0] ?? 0);
  const sizes = Map.groupBy(frames, (frame) => `${frame.widthPx}x${frame.heightPx}`);
  return {
    clip: job.clip,
    mode: job.mode,
    seconds: recording.seconds,
    holdMs:
      percentile(
        recording.pipeline.map(({ holdMs }) => holdMs),
        0.5,
      ) ?? null,
    pipeline: recording.pipeline,
    load: { before: recording.loadBefore, after: recording.loadAfter },
    camera: {
      framesPerSecond: cameraMs > 0 ? ((cameraTimes.length - 1) * 1000) / cameraMs : 0,
      frames: cameraTimes.length,
    },
    viewer: {
      frames: frames.length,
      read: count('read'),
      inferred: count('inferred'),
      unknown: count('unknown'),
      sizes: Object.fromEntries([...sizes].map(([size, all]) => [size, all.length])),
      ...fluency,
    },
    glassToGlassMs: latency(0),
    settledMs: latency(SETTLING_MS),
    states: { publisher: recording.camera.states, viewer: recording.viewer.states },
    cpu: recording.cpu,
    capture: {
      missed,
      share,
      behind: share > BEHIND_FROM,
      failures: recording.viewer.failures,
    },
  };
}
