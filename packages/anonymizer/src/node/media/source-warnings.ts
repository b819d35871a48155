import type { FrameInfo } from '@drape/anonymizer/core';
import type { MediaWarning, VideoInfo } from './video-info.ts';

/** A shorter rest than this is rounding, not a cut-off file. */
const MISSING_MIN_US = 500_000;

/** What a source counts while it is read. */
export class SourceStats {
  frames = 0;
  damaged = 0;
  sizeChanges = 0;
  firstDamageUs: number | undefined;
  lastUs: number | undefined;
  repairedTimes = 0;
  /** Pictures that are missing: refused by the decoder, or lost in the container. */
  missing = 0;
  packets = 0;
  readFailed = false;
  ended = false;
  #widthPx = 0;
  #heightPx = 0;

  count(frame: FrameInfo, info: VideoInfo): void {
    if (this.frames === 0) [this.#widthPx, this.#heightPx] = [info.widthPx, info.heightPx];
    if (frame.widthPx !== this.#widthPx || frame.heightPx !== this.#heightPx) this.sizeChanges += 1;
    [this.#widthPx, this.#heightPx] = [frame.widthPx, frame.heightPx];
    this.frames += 1;
    this.lastUs = frame.ptsUs;
    if (frame.intact) return;
    this.damaged += 1;
    this.firstDamageUs ??= frame.ptsUs;
  }
}

/** Puts the counts into sentences. */
export function sourceWarnings(info: VideoInfo, stats: SourceStats): MediaWarning[] {
  const warnings: MediaWarning[] = [];
  if (info.streams.video > 1) {
    warnings.push({
      code: 'streams-dropped',
      message: `holds ${info.streams.video} video streams; only the main one is in the output`,
    });
  }
  if (stats.sizeChanges > 0) {
    warnings.push({
      code: 'size-changed',
      message: `the picture size changes ${times(stats.sizeChanges)}; the output stays at ${info.widthPx}x${info.heightPx}`,
    });
  }
  if (stats.repairedTimes > 0) {
    warnings.push({
      code: 'timestamps-repaired',
      message: `${stats.repairedTimes} timestamps were missing or not rising and were repaired`,
    });
  }
  if (stats.damaged > 0) {
    warnings.push({
      code: 'damaged',
      message: `${stats.damaged} pictures are damaged, the first at ${seconds(stats.firstDamageUs)} s; they are covered whole`,
    });
  }
  if (stats.missing > 0) {
    warnings.push({
      code: 'gap',
      message: `about ${stats.missing} pictures are lost or can't be decoded: there are gaps`,
    });
  }
  const missingUs = missing(info, stats);
  if (stats.readFailed || missingUs > 0) {
    warnings.push({
      code: 'truncated',
      message: `the file ends early, at ${seconds(stats.lastUs)} s of ${seconds(endOf(info))} s`,
    });
  }
  return warnings;
}

/** How much of the stated duration never came, in microseconds; 0 where it can't be told. */
function missing(info: VideoInfo, stats: SourceStats): number {
  if (!stats.ended || stats.lastUs === undefined) return 0;
  if (info.frameCount !== undefined && stats.packets > 0) {
    if (stats.packets >= info.frameCount) return 0;
  }
  // Without a duration of its own the video may rightly end before the audio does.
  const end = endOf(info);
  if (end === undefined) return 0;
  const missingUs = end - stats.lastUs;
  return missingUs > MISSING_MIN_US ? missingUs : 0;
}

function endOf(info: VideoInfo): number | undefined {
  return info.durationUs === undefined ? undefined : info.startUs + info.durationUs;
}

function seconds(us: number | undefined): string {
  return us === undefined ? 'an unknown time' : (us / 1e6).toFixed(1);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
