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
  if (endsEarly(info, stats)) {
    warnings.push({
      code: 'truncated',
      message: `the file ends early, at ${seconds(stats.lastUs)} s`,
    });
  }
  return warnings;
}

/** True where the container states more than came. */
function endsEarly(info: VideoInfo, stats: SourceStats): boolean {
  if (stats.readFailed) return true;
  if (!stats.ended || stats.lastUs === undefined) return false;
  const { frameCount = 0 } = info;
  // FFmpeg guesses the duration of a cut-off AVI anew; its header still has the count.
  if (info.container === 'avi') return stats.packets < frameCount;
  if (frameCount > 0 && stats.packets >= frameCount) return false;
  const end = endOf(info);
  return end !== undefined && end - stats.lastUs > MISSING_MIN_US;
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
