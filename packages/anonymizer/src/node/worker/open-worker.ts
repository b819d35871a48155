import { connectWorker } from './remote-worker.ts';
import { startWorker, type WorkerProcess, type WorkerProcessHooks } from './worker-process.ts';
import type { WorkerSpec } from './worker-spec.ts';

/** Starts a worker here, or connects to one elsewhere where its spec says so. */
export function openWorker(
  spec: WorkerSpec,
  name: string,
  hooks: WorkerProcessHooks,
): Promise<WorkerProcess> {
  const { remote } = spec;
  return remote ? connectWorker({ ...spec, remote }, name, hooks) : startWorker(spec, name, hooks);
}
