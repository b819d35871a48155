import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { BenchError } from '../errors.ts';
import { longDemo } from '../material/clips.ts';
import { measureChild } from '../peers/measure.ts';
import { slope } from '../statistics.ts';

const SAMPLE_EVERY_MS = 500;
const SECONDS_PER_HOUR = 3600;
/** Loading, warm-up and the first full hold are no leak: this share of the run is left out. */
const SETTLED_AFTER = 0.2;
/** Growth that an hour may show: noise of allocator and garbage collector. */
const FLAT_MB_PER_HOUR = 200;

interface Sample {
  readonly atS: number;
  readonly rssMb: number;
}

/** Resident memory of one process, in MB; undefined once it is gone. */
async function residentMb(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kb === undefined ? undefined : Number(kb) / 1024;
}

function watch(child: ChildProcess, samples: Sample[]): NodeJS.Timeout {
  const started = performance.now();
  return setInterval(() => {
    const { pid } = child;
    if (pid === undefined) return;
    void residentMb(pid).then((rssMb) => {
      const atS = (performance.now() - started) / 1000;
      if (rssMb !== undefined) samples.push({ atS, rssMb });
    });
  }, SAMPLE_EVERY_MS);
}

/** Memory over a long input, in a process of its own as the CLI does it. */
export const memoryBench: Bench = {
  name: 'memory',
  title: 'Memory over a long input',
  async run(context) {
    const clip = await longDemo(context);
    const folder = await mkdtemp(join(tmpdir(), 'drape-bench-'));
    const samples: Sample[] = [];
    let timer: NodeJS.Timeout | undefined;
    try {
      context.say(`anonymizing ${context.minutes} minutes`);
      const output = join(folder, 'out.mp4');
      const job = {
        input: clip.path,
        output,
        preset: 'ultrafast',
        crf: 20,
        threads: context.threads,
      };
      const { wallS } = await measureChild('ours.ts', job, {
        signal: context.signal,
        onStart: (child) => {
          timer = watch(child, samples);
        },
      });
      const settled = samples.filter((sample) => sample.atS >= SETTLED_AFTER * wallS);
      if (settled.length < 2) {
        throw new BenchError('run-failed', 'too few memory samples: needs /proc and a longer run');
      }
      const perS = slope(settled.map((sample) => ({ x: sample.atS, y: sample.rssMb })));
      const most = Math.max(...samples.map((sample) => sample.rssMb));
      const length = `${context.minutes} minutes at 320×180 in ${wallS.toFixed(0)} s`;
      const ends = `${settled[0]?.rssMb.toFixed(0)} → ${settled.at(-1)?.rssMb.toFixed(0)} MB`;
      return [
        { name: 'most resident memory', figure: most, unit: 'MB', detail: length },
        {
          name: 'growth per hour of work',
          figure: perS * SECONDS_PER_HOUR,
          unit: 'MB/h',
          atMost: FLAT_MB_PER_HOUR,
          detail: `${ends} after the first fifth; ${samples.length} samples`,
        },
        {
          name: 'growth per hour of media',
          figure: (perS * wallS * 60) / context.minutes,
          unit: 'MB/h',
          atMost: FLAT_MB_PER_HOUR,
          detail: `${(clip.frames / wallS).toFixed(1)} frames/s`,
        },
      ];
    } finally {
      clearInterval(timer);
      await rm(folder, { recursive: true, force: true });
    }
  },
};
