import { Worker } from 'node:worker_threads';
import {
  DetectorError,
  type Detector,
  type DetectorErrorReason,
  type DetectorInfo,
  type FromThread,
  RemoteDetector,
} from '../../core/index.ts';
import type { ThreadStart } from './detector-ids.ts';
import { after, workerThread } from './worker-thread.ts';

const OPEN_LIMIT_MS = 60_000;

/** Starts a detector's thread. Rejects with DetectorError where it does not come up. */
export async function openThreadDetector(start: ThreadStart): Promise<Detector> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: start,
    name: start.id,
  });
  try {
    const info = await firstMessage(worker, start);
    return new RemoteDetector(workerThread(worker), info, after);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

function firstMessage(worker: Worker, { id }: ThreadStart): Promise<DetectorInfo> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const fail = (reason: DetectorErrorReason, options: { detail?: string; cause?: unknown }) => {
      settle(() => {
        reject(new DetectorError(id, reason, options));
      });
    };
    const onMessage = (message: FromThread): void => {
      if (message.kind === 'failed') fail(message.reason, { detail: message.detail });
      else if (message.kind === 'ready') {
        settle(() => {
          resolve(message.info);
        });
      }
    };
    const onError = (cause: unknown): void => {
      fail('process-died', { cause });
    };
    const onExit = (): void => {
      fail('process-died', { detail: 'its thread ended while it was opened' });
    };
    const timer = setTimeout(() => {
      fail('timeout', { detail: `not open after ${OPEN_LIMIT_MS / 1000} s` });
    }, OPEN_LIMIT_MS);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
