import { basename } from 'node:path';
import {
  coveredUs,
  leastInsideFrom,
  mostInside,
  VIEW_DETECTOR,
  type Detector,
  type MeasuredView,
} from '@drape/anonymizer/core';
import { MediaError, measureView, openDetectors, VIEW_CARRY_MS } from '@drape/anonymizer/node';
import pc from 'picocolors';
import { EXIT, INTERRUPTED } from '../exit-codes.ts';
import { watchInterruption } from '../interruption.ts';
import { table } from '../table.ts';
import { UserError } from '../user-error.ts';

/** The options of `drape calibrate`, as commander gives them. */
export interface CalibrateOptions {
  readonly outside?: readonly string[];
  readonly insideFrom?: number;
  readonly json?: true;
}

interface MeasuredClip extends MeasuredView {
  readonly clip: string;
}

const US_PER_S = 1_000_000;

/**
 * `drape calibrate`: what `endoscope-strict` would cover of a site's own recordings from inside
 * the body, at the least measure that lets nothing pass that is known to be outside.
 * @throws UserError for a measure that would let something pass; MediaError, DetectorError
 */
export async function calibrate(
  clips: readonly string[],
  options: CalibrateOptions,
): Promise<number> {
  using interruption = watchInterruption(() => undefined);
  const { signal } = interruption;
  const [gate] = await openDetectors([VIEW_DETECTOR], { threads: 1 });
  if (!gate) throw new TypeError('openDetectors gave nothing');
  try {
    await gate.warmUp();
    const outside = await measureAll(options.outside ?? [], gate, signal);
    const insideFrom = chosen(outside, options.insideFrom);
    const inside = await measureAll(clips, gate, signal);
    const report = reportOf(inside, { insideFrom, outside });
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : human(report));
    return EXIT.ok;
  } catch (error) {
    if (interruption.received !== undefined) return INTERRUPTED[interruption.received];
    throw error;
  } finally {
    await gate.close();
  }
}

async function measureAll(
  paths: readonly string[],
  gate: Detector,
  signal: AbortSignal,
): Promise<MeasuredClip[]> {
  const measured: MeasuredClip[] = [];
  for (const path of paths) {
    measured.push({ clip: path, ...(await measureClip(path, gate, signal)) });
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
  return measured;
}

async function measureClip(
  path: string,
  gate: Detector,
  signal: AbortSignal,
): Promise<MeasuredView> {
  try {
    return await measureView(path, gate, { signal, onProgress: progressOf(path) });
  } catch (cause) {
    if (!(cause instanceof MediaError) || signal.aborted) throw cause;
    throw new UserError(cause.message, { exitCode: EXIT.someFailed, cause });
  }
}

/** Tells a person at a terminal how far it is, once a second of work. */
function progressOf(path: string): (doneUs: number, durationUs: number | undefined) => void {
  let toldMs = 0;
  return (doneUs, durationUs) => {
    if (!process.stderr.isTTY || performance.now() - toldMs < 1000) return;
    toldMs = performance.now();
    const share = durationUs ? `${Math.round((100 * doneUs) / durationUs)} %` : '';
    process.stderr.write(`\r\u001b[K${basename(path)}: ${share || seconds(doneUs)}`);
  };
}

/** @throws UserError where the wish would let a frame of an outside clip pass */
function chosen(outside: readonly MeasuredClip[], wish: number | undefined): number {
  const least = leastInsideFrom(outside.flatMap(({ samples }) => samples));
  // Rounded up, as it will be typed.
  const rounded = Math.min(1, Math.ceil(least * 1e4) / 1e4);
  if (wish === undefined) return rounded;
  for (const { clip, samples } of outside) {
    const most = mostInside(samples);
    if (!most || most.inside <= wish) continue;
    throw new UserError(
      `--inside-from ${wish} would show ${clip} at ${seconds(most.ptsUs)}, which is outside of the body: take ${rounded} or more`,
    );
  }
  return wish;
}

function reportOf(
  inside: readonly MeasuredClip[],
  { insideFrom, outside }: { insideFrom: number; outside: readonly MeasuredClip[] },
) {
  const clips = inside.map((one) => {
    const lostUs = coveredUs(one, { insideFrom, carryMs: VIEW_CARRY_MS });
    return {
      clip: one.clip,
      seconds: one.durationUs / US_PER_S,
      lostSeconds: lostUs / US_PER_S,
      looks: one.samples.length,
    };
  });
  const total = clips.reduce((sum, clip) => sum + clip.seconds, 0);
  const lost = clips.reduce((sum, clip) => sum + clip.lostSeconds, 0);
  const lostShare = total > 0 ? lost / total : 1;
  return { insideFrom, outsideClips: outside.map(({ clip }) => clip), clips, lostShare };
}

function human({ insideFrom, outsideClips, clips, lostShare }: ReturnType<typeof reportOf>) {
  const rows = clips.map(({ clip, seconds: whole, lostSeconds }) => [
    basename(clip),
    `${whole.toFixed(1)} s`,
    `${lostSeconds.toFixed(1)} s`,
    percent(whole > 0 ? lostSeconds / whole : 1),
  ]);
  const against =
    outsideClips.length > 0
      ? `none of our pictures from outside of a body passes, and no frame of ${outsideClips.map((clip) => basename(clip)).join(', ')}`
      : 'none of our pictures from outside of a body passes';
  return `${table([['clip', 'inside', 'covered', ''], ...rows])}

At ${insideFrom}, where ${against}, endoscope-strict covers ${pc.bold(percent(lostShare))} of this in-body time.

  npx drape anonymize FILE --profile endoscope-strict --inside-from ${insideFrom}
  DRAPE_INSIDE_FROM=${insideFrom} npm start

Give every view that must never be shown with --outside: before the endoscope goes in, when it is
wiped, the room. What it was not shown it can't promise.
`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function seconds(us: number): string {
  return `${(us / US_PER_S).toFixed(1)} s`;
}
