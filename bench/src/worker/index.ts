import { hasPython } from '@drape/anonymizer/node';
import { quantile } from '../statistics.ts';
import type { FrameFigures } from './measure-frames.ts';
import { memcpy, ours, plain, processPerRequest, smallCalls } from './round.ts';

/** One line of the result: a figure of this run on this machine. */
export interface WorkerBenchRow {
  readonly name: string;
  readonly figure: number;
  readonly unit: '×' | 'frames/s' | 'ms/frame' | 'ms';
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly detail: string;
}

const ROUNDS = 3;
const FRAMES = 200;
const DEPTH = 4;

type Way = 'process' | 'plain' | 'plainDeep' | 'stream' | 'ours' | 'memcpy';

const runs: Readonly<Record<Way, () => Promise<FrameFigures>>> = {
  process: () => processPerRequest(10),
  plain: () => plain(FRAMES, 1),
  plainDeep: () => plain(FRAMES, DEPTH),
  stream: () => ours(FRAMES, DEPTH, 0),
  ours: () => ours(FRAMES, DEPTH, 8),
  memcpy: () => memcpy(FRAMES),
};

const titles: Readonly<Record<Way, string>> = {
  process: 'a process per request',
  plain: 'plain read and write',
  plainDeep: `plain read and write, ${DEPTH} under way`,
  stream: 'ours without shared memory',
  ours: `ours, ${DEPTH} under way`,
  memcpy: 'memcpy there and back',
};

/**
 * Frames of 1920×1080 4:2:0 there and back through a Python process, in several ways, and the
 * round trip of a small call. Rounds are interleaved; the median of each way counts. Takes 20 s.
 * @throws Error where the project has no Python
 */
export async function benchWorker(): Promise<WorkerBenchRow[]> {
  if (!hasPython()) throw new Error('no Python of the project: run `npm run setup`');
  const figures = new Map<Way, FrameFigures[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of Object.keys(runs) as Way[]) {
      figures.set(way, [...(figures.get(way) ?? []), await runs[way]()]);
    }
  }
  const small = await smallCalls(3000);
  const of = (way: Way): FrameFigures => middle(figures.get(way) ?? []);
  const best = Math.max(of('plain').framesPerSecond, of('plainDeep').framesPerSecond);
  return [
    ...(Object.keys(runs) as Way[]).map((way) => row(way, figures.get(way) ?? [])),
    {
      name: '1080p: ours ÷ plain read and write',
      figure: of('ours').framesPerSecond / of('plain').framesPerSecond,
      unit: '×',
      atLeast: 3,
      detail: `÷ plain with ${DEPTH} under way: ${(of('ours').framesPerSecond / best).toFixed(1)}`,
    },
    {
      // Holds on a busy machine, where rates do not.
      name: '1080p: CPU of plain read and write ÷ CPU of ours',
      figure: of('plain').cpuMsPerFrame / of('ours').cpuMsPerFrame,
      unit: '×',
      detail: `${of('plain').cpuMsPerFrame.toFixed(2)} and ${of('ours').cpuMsPerFrame.toFixed(2)} ms a frame, both sides together`,
    },
    {
      name: '1080p: ours ÷ a process per request',
      figure: of('ours').framesPerSecond / of('process').framesPerSecond,
      unit: '×',
      detail: 'the spawn, not the bytes',
    },
    {
      name: '1080p: ours ÷ memcpy',
      figure: of('ours').framesPerSecond / of('memcpy').framesPerSecond,
      unit: '×',
      detail: 'how far from two copies in one process',
    },
    {
      name: 'small call, round trip, p50',
      figure: quantile(small, 0.5),
      unit: 'ms',
      atMost: 0.3,
      detail: `p95 ${quantile(small, 0.95).toFixed(3)} ms, ${small.length} calls`,
    },
  ];
}

function row(way: Way, figures: readonly FrameFigures[]): WorkerBenchRow {
  const all = figures.map(({ framesPerSecond }) => framesPerSecond.toFixed(0)).join(', ');
  return {
    name: `1080p: ${titles[way]}`,
    figure: middle(figures).framesPerSecond,
    unit: 'frames/s',
    detail: `${middle(figures).cpuMsPerFrame.toFixed(2)} ms of CPU a frame; rounds ${all}`,
  };
}

/** The run with the middle rate. */
function middle(figures: readonly FrameFigures[]): FrameFigures {
  const sorted = [...figures].sort((a, b) => a.framesPerSecond - b.framesPerSecond);
  return sorted[Math.floor(sorted.length / 2)] ?? { framesPerSecond: NaN, cpuMsPerFrame: NaN };
}
