import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError } from '../errors.ts';
import { loopClip } from '../media/loop.ts';
import { transcode } from '../media/transcode.ts';
import type { BenchContext } from '../bench.ts';

const PROJECT_ROOT = join(import.meta.dirname, '..', '..', '..');

export interface Clip {
  readonly path: string;
  readonly frames: number;
}

/** The 720p demo clip: laparoscopy with overlay, people in operating rooms, laparoscopy. */
export function demo720p(): Clip {
  const path = join(PROJECT_ROOT, '..', 'shared', 'data', 'demo', 'demo_dev_720p.mp4');
  if (!existsSync(path)) {
    throw new BenchError('data-missing', `${path} is not there: the bench needs the test data.`);
  }
  return { path, frames: 1045 };
}

/** Makes a file once, under another name until it is complete. */
async function once(path: string, make: (partial: string) => Promise<unknown>): Promise<string> {
  if (existsSync(path)) return path;
  await mkdir(join(path, '..'), { recursive: true });
  const partial = path.replace(/(\.\w+)$/, `.partial-${process.pid}$1`);
  await make(partial);
  await rename(partial, path);
  return path;
}

/** Part of the demo clip, at its own size or scaled. */
async function partOfDemo(
  context: BenchContext,
  name: string,
  part: {
    readonly fromFrame: number;
    readonly untilFrame: number;
    readonly size?: { readonly widthPx: number; readonly heightPx: number };
  },
): Promise<Clip> {
  const path = await once(join(context.cacheFolder, `${name}.mp4`), async (output) => {
    context.say(`making ${name}.mp4`);
    const { path: input } = demo720p();
    const quality = { preset: 'veryfast', crf: 16, threads: context.threads };
    await transcode({ input, output, ...quality, ...part });
  });
  return { path, frames: part.untilFrame - part.fromFrame };
}

/** The whole demo clip at 1920×1080. */
export function demo1080p(context: BenchContext): Promise<Clip> {
  const size = { widthPx: 1920, heightPx: 1080 };
  return partOfDemo(context, 'demo-1080p', { fromFrame: 0, untilFrame: 1045, size });
}

/** An operation as it is recorded: laparoscopy at 1920×1080 with a patient's data on it, 30 s. */
export async function operation1080p(context: BenchContext): Promise<Clip> {
  const size = { widthPx: 1920, heightPx: 1080 };
  const part = { fromFrame: 0, untilFrame: 225, size };
  const { path: input } = await partOfDemo(context, 'operation-1080p-part', part);
  const path = await once(join(context.cacheFolder, 'operation-1080p.mp4'), async (output) => {
    await loopClip(input, output, 27);
  });
  return { path, frames: 675 };
}

/** 120 frames with an overlay, a cut and people: few enough to be held in memory. */
export function short720p(context: BenchContext): Promise<Clip> {
  return partOfDemo(context, 'demo-720p-short', { fromFrame: 200, untilFrame: 320 });
}

export function short1080p(context: BenchContext): Promise<Clip> {
  const size = { widthPx: 1920, heightPx: 1080 };
  return partOfDemo(context, 'demo-1080p-short', { fromFrame: 200, untilFrame: 320, size });
}

/**
 * 12 s, of which one shows an operation and the rest, cut often, people in operating rooms: what
 * takes us longest, and long enough that the start of either tool matters little.
 */
export function rooms720p(context: BenchContext): Promise<Clip> {
  return partOfDemo(context, 'rooms-720p', { fromFrame: 200, untilFrame: 500 });
}

export function rooms1080p(context: BenchContext): Promise<Clip> {
  const size = { widthPx: 1920, heightPx: 1080 };
  return partOfDemo(context, 'rooms-1080p', { fromFrame: 200, untilFrame: 500, size });
}

/**
 * The demo clip, small, repeated until it lasts so many minutes. What may leak – frames, looks,
 * tracks, views – is counted in pieces, not in pixels, and a small picture lets hours be tried.
 */
export async function longDemo(context: BenchContext): Promise<Clip> {
  const size = { widthPx: 320, heightPx: 180 };
  const small = { fromFrame: 0, untilFrame: 1045, size };
  const { path: input } = await partOfDemo(context, 'demo-180p', small);
  const seconds = context.minutes * 60;
  const name = `demo-180p-${context.minutes}min.mp4`;
  const path = await once(join(context.cacheFolder, name), async (output) => {
    context.say(`making ${name}`);
    await loopClip(input, output, seconds);
  });
  return { path, frames: Math.ceil((seconds * 25) / 1045) * 1045 };
}
