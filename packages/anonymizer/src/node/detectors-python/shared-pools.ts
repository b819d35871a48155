import { hasPython, pythonWorker } from '../worker/python.ts';
import { WorkerError } from '../worker/errors.ts';
import { WorkerPool } from '../worker/worker-pool.ts';
import type { WorkerBounds } from '../worker/worker-spec.ts';
import type { WorkerLogger } from '../worker/worker-log.ts';
import type { PythonDetectorEntry } from './catalogue.ts';
import { LanguageDataError, languageData } from './language-data.ts';

export interface PoolOptions {
  /** Processes of one kind. */
  readonly size: number;
  readonly bounds?: Partial<WorkerBounds> | undefined;
  readonly onLog?: WorkerLogger | undefined;
}

interface Shared {
  readonly pool: WorkerPool;
  users: number;
}

/** One pool per kind and process: weights are loaded once for all streams. */
const pools = new Map<string, Shared>();

/**
 * A pool for a detector, shared with others of its kind; the first one's options count.
 * @throws WorkerError with what to do where Python or its data are missing
 */
export function borrowPool(
  entry: PythonDetectorEntry,
  options: PoolOptions,
): { pool: WorkerPool; release: () => Promise<void> } {
  const shared = pools.get(entry.id) ?? { pool: openPool(entry, options), users: 0 };
  pools.set(entry.id, shared);
  shared.users += 1;
  return {
    pool: shared.pool,
    release: async () => {
      shared.users -= 1;
      if (shared.users > 0) return;
      if (pools.get(entry.id) === shared) pools.delete(entry.id);
      await shared.pool.close();
    },
  };
}

function openPool(entry: PythonDetectorEntry, options: PoolOptions): WorkerPool {
  if (!hasPython()) throw new WorkerError('python-missing', { worker: entry.id });
  const { size, bounds, onLog } = options;
  const spec = pythonWorker({
    name: entry.id,
    modules: [entry.module],
    env: entry.needsLanguageData ? { TESSDATA_PREFIX: languageFolder(entry) } : {},
    ...(bounds ? { bounds } : {}),
    ...(onLog ? { onLog } : {}),
  });
  return new WorkerPool(spec, { size });
}

function languageFolder(entry: PythonDetectorEntry): string {
  try {
    return languageData();
  } catch (cause) {
    const corrupt = cause instanceof LanguageDataError && cause.reason === 'corrupt';
    const detail = cause instanceof Error ? cause.message : 'language data';
    const reason = corrupt ? 'model-corrupt' : 'model-missing';
    throw new WorkerError(reason, { worker: entry.id, detail, cause });
  }
}
