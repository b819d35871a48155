import { afterEach } from 'vitest';
import { WorkerError } from '../../src/node/worker/errors.ts';
import { hasPython } from '../../src/node/worker/python.ts';
import type { WorkerLogEvent } from '../../src/node/worker/worker-log.ts';
import { WorkerPool } from '../../src/node/worker/worker-pool.ts';
import type { WorkerSpec } from '../../src/node/worker/worker-spec.ts';
import { goodSpec, type GoodOptions } from './fixtures-spec.ts';

export { goodSpec, rogueSpec } from './fixtures-spec.ts';

/** Tests of the real worker are skipped, aloud, where set-up could not make its environment. */
export const withoutPython = hasPython() ? false : 'no .cache/venv: run `npm run setup`';

const open: WorkerPool[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
});

export interface TestPool {
  readonly pool: WorkerPool;
  readonly events: WorkerLogEvent[];
  readonly metrics: unknown[];
}

/** A pool that is closed after the test, of one worker unless `size` says otherwise. */
export function openPool(spec: WorkerSpec, size = 1): TestPool {
  const events: WorkerLogEvent[] = [];
  const metrics: unknown[] = [];
  const onLog = (event: WorkerLogEvent) => events.push(event);
  const onMetrics = (values: unknown) => metrics.push(values);
  const pool = new WorkerPool({ ...spec, onLog, onMetrics }, { size });
  open.push(pool);
  return { pool, events, metrics };
}

/** Workers with the methods of fixture_methods.py. */
export function goodPool(options: GoodOptions = {}): TestPool {
  return openPool(goodSpec(options), options.size);
}

/** The WorkerError that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<WorkerError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof WorkerError) return outcome;
  throw new Error('expected a WorkerError', { cause: outcome });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until `holds` does, and fails with `what` when it never does. */
export async function until(what: string, holds: () => boolean, timeoutMs = 20_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
