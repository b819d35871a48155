import type { Bench } from './bench.ts';
import { defaceBench } from './benches/deface.ts';
import { fileBench } from './benches/file.ts';
import { looksBench } from './benches/looks.ts';
import { memoryBench } from './benches/memory.ts';
import { stagesBench } from './benches/stages.ts';
import { benchWorker } from './worker/index.ts';

const workerBench: Bench = {
  name: 'worker',
  title: 'The Python worker, against a plain read and write of frames',
  run: () => benchWorker(),
};

const liveBench: Bench = {
  name: 'live',
  title: 'Live: glass to glass in both modes, a 1080p30 stream in the server, what a viewer costs',
  // Browsers and the media server's parts: loaded only where they are used.
  run: async (context) => (await import('./benches/live.ts')).runLive(context),
};

/** Every bench, quick ones first. */
export function benches(): readonly Bench[] {
  return [stagesBench, looksBench, workerBench, defaceBench, fileBench, liveBench, memoryBench];
}
