import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerSpec } from './worker-spec.ts';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));

/** Where the Python side lies in this repository. */
export const PYTHON_FOLDER = join(root, 'python-fallback');

/** The interpreter of the project's own environment, which `npm run setup` makes. */
export function pythonPath(): string {
  const folder = join(root, '.cache', 'venv');
  const windows = process.platform === 'win32';
  return windows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

export function hasPython(): boolean {
  return existsSync(pythonPath());
}

/** What of a spec is the same for every worker written in Python with our library. */
export interface PythonWorkerOptions extends Omit<WorkerSpec, 'command' | 'args'> {
  /** Python modules that register methods, such as `drape_worker.detectors.text`. */
  readonly modules: readonly string[];
  /** Folders in which modules are looked for, besides the worker's own. */
  readonly pythonPath?: readonly string[];
  /** Methods that run at once in one process. Default 1. */
  readonly threads?: number;
  /** Default: the project's own environment. */
  readonly interpreter?: string;
}

export function pythonWorker(options: PythonWorkerOptions): WorkerSpec {
  const { modules, pythonPath: folders = [], threads = 1, interpreter, ...rest } = options;
  return {
    ...rest,
    command: interpreter ?? pythonPath(),
    args: [
      // Nothing of the user's own packages; UTF-8 whatever the locale says.
      ...['-s', '-X', 'utf8', '-m', 'drape_worker', '--name', options.name],
      ...['--threads', String(threads), ...modules],
    ],
    env: {
      PYTHONPATH: [PYTHON_FOLDER, ...folders].join(process.platform === 'win32' ? ';' : ':'),
      PYTHONDONTWRITEBYTECODE: '1',
      // One process per core: libraries that start a thread per core each would fight.
      OMP_THREAD_LIMIT: '1',
      OPENBLAS_NUM_THREADS: '1',
      ...options.env,
    },
  };
}
