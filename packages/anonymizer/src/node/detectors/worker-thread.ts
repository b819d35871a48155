import type { Worker } from 'node:worker_threads';
import type { After, DetectorThread, FromThread } from '../../core/index.ts';

const CLOSE_LIMIT_MS = 5_000;

export const after: After = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => {
    clearTimeout(timer);
  };
};

/** A Node thread as core sees it. */
export function workerThread(worker: Worker): DetectorThread {
  return {
    post(message, transfer) {
      worker.postMessage(message, [...transfer]);
    },
    listen({ message, end }) {
      worker.on('message', (received: FromThread) => {
        message(received);
      });
      worker.on('error', end);
      worker.on('exit', () => {
        end(undefined);
      });
    },
    /** Lets the thread release its session; ends it where it hangs. */
    async stop() {
      const exited = new Promise<void>((resolve) => {
        worker.once('exit', () => {
          resolve();
        });
      });
      const callOff = after(CLOSE_LIMIT_MS, () => void worker.terminate());
      await exited;
      callOff();
    },
  };
}
