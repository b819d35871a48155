import { DetectorError, type DetectorErrorReason } from '@drape/anonymizer/core';
import { WorkerError, type WorkerErrorReason } from '../worker/errors.ts';

const reasons: Readonly<Record<WorkerErrorReason, DetectorErrorReason>> = {
  'python-missing': 'model-missing',
  'package-missing': 'model-missing',
  'model-missing': 'model-missing',
  'model-corrupt': 'model-missing',
  'version-mismatch': 'model-missing',
  'unknown-method': 'inference-failed',
  'method-failed': 'inference-failed',
  oversized: 'inference-failed',
  deadline: 'timeout',
  overloaded: 'timeout',
  cancelled: 'aborted',
  closed: 'closed',
  'start-failed': 'process-died',
  'start-timeout': 'process-died',
  'protocol-violation': 'process-died',
  flooding: 'process-died',
  'stream-closed': 'process-died',
  exited: 'process-died',
  hung: 'process-died',
  'circuit-open': 'process-died',
  'transport-failed': 'process-died',
};

/** What a failed call means to the pipeline: every one of them leaves its frame covered. */
export function asDetectorError(id: string, cause: unknown): DetectorError {
  if (cause instanceof DetectorError) return cause;
  if (cause instanceof WorkerError) {
    return new DetectorError(id, reasons[cause.reason], { detail: cause.message, cause });
  }
  const detail = cause instanceof Error ? cause.message : 'it failed without a reason';
  return new DetectorError(id, 'inference-failed', { detail, cause });
}
