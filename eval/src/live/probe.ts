import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT_ROOT } from '../data-root.ts';
import { EvalError } from '../errors.ts';

export type LiveMode = 'edge' | 'server';

const spreadSchema = z.object({ n: z.number(), p50: z.number(), p95: z.number(), max: z.number() });

/** One frame of viewer.mp4: which source frame it shows, and how that is known. */
const frameSchema = z.object({
  index: z.number(),
  number: z.number().nullable(),
  how: z.enum(['read', 'inferred', 'unknown']),
  withinFrames: z.number().optional(),
});
export type ViewerFrame = z.infer<typeof frameSchema>;

const framesSchema = z.object({
  picture: z.object({ widthPx: z.number(), heightPx: z.number() }),
  frames: z.array(frameSchema),
});

const statsSchema = z.object({
  load: z.object({ before: z.number(), after: z.number() }),
  viewer: z.object({
    framesPerSecond: z.number(),
    longestMs: z.number(),
    freezes: z.array(z.unknown()),
  }),
  glassToGlassMs: spreadSchema.optional(),
  settledMs: spreadSchema.optional(),
  capture: z.object({ missed: z.number(), behind: z.boolean() }),
});
export type LiveStats = z.infer<typeof statsSchema>;

/** What a viewer saw of one clip. */
export interface Seen {
  readonly recording: string;
  /** The clip's own size; below it the recording has the probe's strip. */
  readonly picture: { readonly widthPx: number; readonly heightPx: number };
  readonly frames: readonly ViewerFrame[];
  readonly stats: LiveStats;
}

const PROBE = join(PROJECT_ROOT, 'e2e', 'src', 'probe', 'main.ts');

/**
 * Publishes a clip through the real product and records what a viewer saw, once through the whole
 * clip. Throws EvalError 'probe-failed' with what the probe said.
 */
export async function probeClip(job: {
  readonly clip: string;
  readonly mode: LiveMode;
  readonly profile: string;
  readonly fill: string;
  readonly outFolder: string;
  readonly signal: AbortSignal;
}): Promise<Seen> {
  const { clip, mode, profile, fill, outFolder, signal } = job;
  const args = [clip, '--mode', mode, '--out', outFolder, '--seconds', 'whole'];
  args.push('--style', 'solid', '--fill', fill.replace('#', ''), '--profile', profile);
  await run([PROBE, ...args], signal);
  return readSeen(outFolder);
}

/** Reads what a probe left in a folder. Throws ZodError for another program's files. */
export async function readSeen(folder: string): Promise<Seen> {
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'));
  const { picture, frames } = framesSchema.parse(await json('frames.json'));
  const stats = statsSchema.parse(await json('stats.json'));
  return { recording: join(folder, 'viewer.mp4'), picture, frames, stats };
}

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  // Its own way to end on SIGTERM closes browsers and servers.
  const child = spawn(process.execPath, ['--no-warnings', ...args], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = (): void => {
    child.kill('SIGTERM');
  };
  signal.addEventListener('abort', stop);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-4000);
  });
  const ended = Promise.withResolvers<number | null>();
  child.once('error', ended.reject);
  child.once('close', ended.resolve);
  const code = await ended.promise;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code !== 0) throw new EvalError('probe-failed', `the probe ended with ${code}:\n${said}`);
}
