import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { measure } from '../peers/measure.ts';

const spread = z.object({ n: z.number(), p50: z.number(), p95: z.number(), max: z.number() });

const statsSchema = z.object({
  holdMs: z.number().nullable(),
  load: z.object({ before: z.number(), after: z.number() }),
  camera: z.object({ framesPerSecond: z.number() }),
  viewer: z.object({
    frames: z.number(),
    read: z.number(),
    framesPerSecond: z.number(),
    longestMs: z.number(),
  }),
  settledMs: spread.optional(),
  cpu: z.array(z.object({ name: z.string(), cores: z.number() })),
  capture: z.object({ missed: z.number(), behind: z.boolean() }),
});
export type GlassStats = z.infer<typeof statsSchema>;

const PROBE = join(import.meta.dirname, '..', '..', '..', 'e2e', 'src', 'probe', 'main.ts');

/** Publishes and watches a clip through the real product, without keeping pictures. */
export async function glassToGlass(job: {
  readonly clip: string;
  readonly mode: 'edge' | 'server';
  readonly seconds: number;
  readonly framesPerSecond?: number;
  readonly signal: AbortSignal;
}): Promise<GlassStats> {
  const out = await mkdtemp(join(tmpdir(), 'drape-bench-live-'));
  const fps = job.framesPerSecond === undefined ? [] : ['--fps', String(job.framesPerSecond)];
  const args = [PROBE, job.clip, '--mode', job.mode, '--out', out, '--no-picture', ...fps];
  try {
    await measure({
      command: process.execPath,
      args: ['--no-warnings', ...args, '--seconds', String(job.seconds)],
      signal: job.signal,
    });
    return statsSchema.parse(JSON.parse(await readFile(join(out, 'stats.json'), 'utf8')));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
