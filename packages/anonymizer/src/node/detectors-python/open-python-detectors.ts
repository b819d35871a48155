import { DetectorError, type Detector } from '@drape/anonymizer/core';
import type { WorkerBounds } from '../worker/worker-spec.ts';
import type { WorkerLogger } from '../worker/worker-log.ts';
import { PYTHON_DETECTOR_IDS, PYTHON_DETECTORS, type PythonDetectorEntry } from './catalogue.ts';
import { asDetectorError } from './detector-errors.ts';
import { PythonDetector } from './python-detector.ts';
import { borrowPool } from './shared-pools.ts';

export interface PythonDetectorOptions {
  /** Processes of each kind, shared by the streams of this process. Default 1. */
  readonly poolSize?: number;
  /** Of one look, in milliseconds; a frame whose look takes longer is covered. Default 20,000. */
  readonly timeoutMs?: number;
  readonly onLog?: WorkerLogger;
  readonly bounds?: Partial<WorkerBounds>;
}

const TIMEOUT_MS = 20_000;

/**
 * Opens detectors that run in Python, by id. All or nothing: where one can't run, the others are
 * closed and its DetectorError is thrown; it says what is missing and what brings it.
 */
export async function openPythonDetectors(
  ids: readonly string[],
  options: PythonDetectorOptions = {},
): Promise<Detector[]> {
  const entries = ids.map(knownEntry);
  const results = await Promise.allSettled(entries.map((entry) => open(entry, options)));
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return opened;
  await Promise.all(opened.map((detector) => detector.close()));
  throw failed.reason;
}

async function open(entry: PythonDetectorEntry, options: PythonDetectorOptions): Promise<Detector> {
  const { poolSize = 1, timeoutMs = TIMEOUT_MS, bounds, onLog } = options;
  let release: (() => Promise<void>) | undefined;
  try {
    const borrowed = borrowPool(entry, { size: poolSize, bounds, onLog });
    release = borrowed.release;
    const hello = await borrowed.pool.ready();
    return new PythonDetector({ entry, models: hello.models, timeoutMs, ...borrowed });
  } catch (error) {
    await release?.();
    throw asDetectorError(entry.id, error);
  }
}

function knownEntry(id: string): PythonDetectorEntry {
  const entry = PYTHON_DETECTORS.find((candidate) => candidate.id === id);
  if (entry) return entry;
  const detail = `there is no such Python detector; known are ${PYTHON_DETECTOR_IDS.join(', ')}`;
  throw new DetectorError(id, 'model-missing', { detail });
}
