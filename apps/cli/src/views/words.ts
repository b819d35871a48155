import type { FileProgress } from '@drape/anonymizer/node';
import type { Failure } from '../failure.ts';
import type { Outcome } from '../jobs/messages.ts';

/** `1:02:03` or `2:03`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${Math.floor((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest.padStart(5, '0')}` : rest;
}

/** Share done, 0..1, where the length is known. */
export function shareOf(progress: FileProgress): number | undefined {
  const total = progress.framesTotal;
  return total === undefined || total <= 0 ? undefined : Math.min(1, progress.framesDone / total);
}

/** Time left in milliseconds, where it can be told. */
export function etaMs(progress: FileProgress): number | undefined {
  const { framesTotal, framesDone, framesPerSecond } = progress;
  if (framesTotal === undefined || framesPerSecond <= 0) return undefined;
  return (Math.max(0, framesTotal - framesDone) / framesPerSecond) * 1000;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** What was covered in one file, in half a line. */
export function coveredWords(outcome: Outcome): string {
  const tracks = Object.entries(outcome.covered).map(([cls, number]) => `${number} ${cls}`);
  const words = [tracks.length > 0 ? `covered: ${tracks.join(', ')}` : 'nothing found to cover'];
  if (outcome.coveredWholeFrames > 0) {
    const causes = Object.entries(outcome.wholeFrames).map(
      ([cause, number]) => `${number} ${cause}`,
    );
    words.push(
      `${count(outcome.coveredWholeFrames, 'frame')} covered whole (${causes.join(', ')})`,
    );
  }
  return words.join('; ');
}

export function speedWords(outcome: Outcome): string {
  const seconds = outcome.elapsedMs / 1000;
  const rate =
    outcome.frames > 1 && seconds > 0 ? `, ${(outcome.frames / seconds).toFixed(0)} frames/s` : '';
  return `${count(outcome.frames, 'frame')} in ${seconds.toFixed(1)} s${rate}`;
}

/** The failure's sentence after the file's name, which typed errors bring themselves. */
export function failureWords(path: string, failure: Failure): string {
  const text = failure.message.startsWith(path) ? failure.message : `${path}: ${failure.message}`;
  const isDebug = process.env['DRAPE_DEBUG'] === '1' && failure.detail !== '';
  return isDebug ? `${text}\n${failure.detail.replace(/^/gm, '    ')}` : text;
}
