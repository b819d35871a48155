import type { Bench } from './bench.ts';
import { defaceBench } from './benches/deface.ts';
import { fileBench } from './benches/file.ts';
import { memoryBench } from './benches/memory.ts';
import { stagesBench } from './benches/stages.ts';
import { benchWorker } from './worker/index.ts';

const workerBench: Bench = {
  name: 'worker',
  title: 'The Python worker, against a plain read and write of frames',
  run: () => benchWorker(),
};

/** Every bench, quick ones first. */
export function benches(): readonly Bench[] {
  return [stagesBench, workerBench, defaceBench, fileBench, memoryBench];
}
