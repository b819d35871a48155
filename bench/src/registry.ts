import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchRow } from './bench.ts';
import { defaceBench } from './benches/deface.ts';
import { fileBench } from './benches/file.ts';
import { memoryBench } from './benches/memory.ts';
import { stagesBench } from './benches/stages.ts';

const WORKER = join(import.meta.dirname, 'worker', 'index.ts');

/** The Python worker's bench lives beside its own peers; it is found where it is installed. */
const workerBench: Bench = {
  name: 'worker',
  title: 'The Python worker, against a plain read and write of frames',
  async run(context) {
    const loaded = (await import(WORKER)) as { benchWorker: () => Promise<readonly BenchRow[]> };
    context.say('frames through the worker');
    return await loaded.benchWorker();
  },
};

/** Every bench, quick ones first. */
export function benches(): readonly Bench[] {
  const worker = existsSync(WORKER) ? [workerBench] : [];
  return [stagesBench, ...worker, defaceBench, fileBench, memoryBench];
}
