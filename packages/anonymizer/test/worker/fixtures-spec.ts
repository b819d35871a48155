import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostMethods } from '../../src/node/worker/incoming-calls.ts';
import { pythonPath, pythonWorker } from '../../src/node/worker/python.ts';
import type { WorkerBounds, WorkerSpec } from '../../src/node/worker/worker-spec.ts';

const testsFolder = fileURLToPath(new URL('../../../../python-fallback/tests', import.meta.url));

export interface GoodOptions {
  readonly bounds?: Partial<WorkerBounds>;
  readonly methods?: HostMethods;
  readonly size?: number;
  readonly threads?: number;
}

export function goodSpec(options: GoodOptions = {}): WorkerSpec {
  const { bounds = {}, methods = {}, threads = 1 } = options;
  return pythonWorker({
    name: 'fixture',
    modules: ['fixture_methods'],
    pythonPath: [testsFolder],
    bounds,
    methods,
    threads,
  });
}

/** A worker that breaks the protocol as rogue.py knows how to. */
export function rogueSpec(how: string, bounds: Partial<WorkerBounds> = {}): WorkerSpec {
  const args = [join(testsFolder, 'rogue.py'), how];
  return { name: 'rogue', command: pythonPath(), args, bounds };
}
