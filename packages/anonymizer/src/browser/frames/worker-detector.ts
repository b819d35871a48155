import {
  DetectorError,
  RemoteDetector,
  type Detector,
  type DetectorErrorReason,
  type DetectorInfo,
  type DetectorThread,
  type FromThread,
} from '../../core/index.ts';
import type { DetectorStart } from '../detectors/start.ts';
import { systemClock } from './clock.ts';

const OPEN_LIMIT_MS = 60_000;
/** What a worker that was asked to close may take to release its memory. */
const CLOSE_LIMIT_MS = 500;

const { after } = systemClock;

/** Starts a detector's worker. Rejects with DetectorError where it does not come up. */
export async function openWorkerDetector(start: DetectorStart): Promise<Detector> {
  const url = new URL(start.index.workers.detector, start.assetsUrl);
  const worker = new Worker(url, { type: 'module', name: `drape ${start.id}` });
  try {
    const info = await firstMessage(worker, start);
    return new RemoteDetector(threadOf(worker), info, after);
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

function firstMessage(worker: Worker, start: DetectorStart): Promise<DetectorInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<DetectorInfo>();
  const fail = (reason: DetectorErrorReason, detail: string): void => {
    reject(new DetectorError(start.id, reason, { detail }));
  };
  const callOff = after(OPEN_LIMIT_MS, () => {
    fail('timeout', `not open after ${OPEN_LIMIT_MS / 1000} s`);
  });
  worker.onmessage = ({ data }: MessageEvent<FromThread>) => {
    if (data.kind === 'ready') resolve(data.info);
    else if (data.kind === 'failed') fail(data.reason, data.detail);
  };
  worker.onerror = (event) => {
    // A script that can't be loaded gives an event without a message.
    fail('process-died', event.message || 'its worker could not be loaded');
  };
  worker.postMessage(start);
  return promise.finally(callOff);
}

function threadOf(worker: Worker): DetectorThread {
  return {
    post(message, transfer) {
      worker.postMessage(message, [...transfer]);
    },
    listen({ message, end }) {
      worker.onmessage = ({ data }: MessageEvent<FromThread>) => {
        message(data);
      };
      worker.onmessageerror = () => {
        end(new Error('a message could not be read'));
      };
      worker.onerror = (event) => {
        event.preventDefault();
        end(new Error(event.message));
      };
    },
    stop() {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      after(CLOSE_LIMIT_MS, () => {
        worker.terminate();
        resolve(undefined);
      });
      return promise;
    },
  };
}
