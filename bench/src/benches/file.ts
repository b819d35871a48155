import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchContext, BenchRow } from '../bench.ts';
import type { Clip } from '../material/clips.ts';
import { demo1080p, operation1080p } from '../material/clips.ts';
import { findFfmpeg } from '../peers/ffmpeg.ts';
import type { Measured } from '../peers/measure.ts';
import { measure, measureChild } from '../peers/measure.ts';
import { median, spread } from '../statistics.ts';

/** What `drape anonymize` uses where nothing is said. */
const DEFAULT_PRESET = 'veryfast';
const DEFAULT_CRF = 20;

type Side = 'ours' | 'plain' | 'ffmpeg';

interface Case {
  readonly name: string;
  readonly clip: Clip;
  readonly preset: string;
  /** A file must not be slower than this share of a plain transcode; 0.8 is the goal. */
  readonly atLeast?: number;
}

function runSide(
  side: Side,
  { clip, preset }: Case,
  setting: { readonly context: BenchContext; readonly output: string; readonly ffmpeg: string },
): Promise<Measured> {
  const { context, output, ffmpeg } = setting;
  const { threads, signal } = context;
  if (side !== 'ffmpeg') {
    const script = side === 'ours' ? 'ours.ts' : 'plain-transcode.ts';
    const job = { input: clip.path, output, preset, crf: DEFAULT_CRF, threads };
    return measureChild(script, job, { signal });
  }
  const count = String(threads);
  const args = ['-y', '-nostdin', '-loglevel', 'error', '-threads', count, '-i', clip.path, '-an'];
  const coder = ['-c:v', 'libx264', '-preset', preset, '-crf', String(DEFAULT_CRF)];
  return measure({ command: ffmpeg, args: [...args, ...coder, '-threads', count, output], signal });
}

async function runCase(one: Case, context: BenchContext, ffmpeg: string): Promise<BenchRow[]> {
  const sides: readonly Side[] = ffmpeg === '' ? ['plain', 'ours'] : ['plain', 'ours', 'ffmpeg'];
  const taken: Record<Side, Measured[]> = { plain: [], ours: [], ffmpeg: [] };
  const folder = await mkdtemp(join(tmpdir(), 'drape-bench-'));
  try {
    for (let round = 0; round < context.rounds; round++) {
      for (const side of sides) {
        context.say(`${one.name}: round ${round + 1} of ${context.rounds}, ${side}`);
        const output = join(folder, `${side}.mp4`);
        taken[side].push(await runSide(side, one, { context, output, ffmpeg }));
        await rm(output, { force: true });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const wall = (side: Side): number[] => taken[side].map((run) => run.wallS);
  const cpu = (side: Side): number[] => taken[side].flatMap((run) => run.cpuS ?? []);
  const frames = one.clip.frames;
  const rate = (side: Side): string =>
    `${side} ${(frames / median(wall(side))).toFixed(1)} frames/s`;
  const ratio = (peer: Side): number => median(wall(peer)) / median(wall('ours'));
  const rounds = (peer: Side): number[] =>
    wall(peer).map((seconds, at) => seconds / (wall('ours')[at] ?? NaN));
  const rows: BenchRow[] = [
    {
      name: `${one.name}: ours ÷ plain transcode, speed`,
      figure: ratio('plain'),
      unit: '×',
      ...(one.atLeast === undefined ? {} : { atLeast: one.atLeast }),
      detail: `${rate('ours')}, ${rate('plain')}; rounds ${spread(rounds('plain'))}`,
    },
    {
      name: `${one.name}: ours ÷ plain transcode, CPU time`,
      figure: median(cpu('ours')) / median(cpu('plain')),
      unit: '×',
      detail: `${median(cpu('ours')).toFixed(1)} s and ${median(cpu('plain')).toFixed(1)} s`,
    },
  ];
  if (ffmpeg === '') return rows;
  const name = `${one.name}: ours ÷ ffmpeg command line, speed`;
  const detail = `${rate('ffmpeg')}; rounds ${spread(rounds('ffmpeg'))}`;
  return [...rows, { name, figure: ratio('ffmpeg'), unit: '×', detail }];
}

/** A whole file, as a user waits for it: process start, model loading, both passes. */
export const fileBench: Bench = {
  name: 'file',
  title: 'A 1080p file, against a transcode that does nothing else (same preset, crf and threads)',
  async run(context) {
    const operation = await operation1080p(context);
    const mixed = await demo1080p(context);
    const preset = DEFAULT_PRESET;
    const cases: readonly Case[] = [
      { name: `operation, ${preset}`, clip: operation, preset, atLeast: 0.6 },
      { name: 'operation, ultrafast', clip: operation, preset: 'ultrafast' },
      { name: `operation and rooms, ${preset}`, clip: mixed, preset },
    ];
    const ffmpeg = (await findFfmpeg()) ?? '';
    if (!existsSync(ffmpeg)) context.say('no ffmpeg on PATH: its column is left out');
    const rows: BenchRow[] = [];
    for (const one of cases) rows.push(...(await runCase(one, context, ffmpeg)));
    return rows;
  },
};
