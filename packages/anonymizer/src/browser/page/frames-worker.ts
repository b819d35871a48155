import { EdgeError, type EdgeOptions } from '../api.ts';
import type { FromFrames, ToFrames } from '../messages.ts';

/** From the start to warm detectors: models come over the network the first time. */
const WARM_LIMIT_MS = 120_000;

/** The frames' worker with warm detectors. */
export interface FramesWorker {
  readonly models: readonly { readonly id: string; readonly sha256: string }[];
  post(message: ToFrames, transfer?: readonly Transferable[]): void;
  /** One listener for what it says and one for its death; set once. */
  listen(on: {
    readonly message: (message: FromFrames) => void;
    readonly died: (detail: string) => void;
  }): void;
  terminate(): void;
}

/** Starts the worker and waits for its detectors. Rejects with EdgeError; leaves nothing running. */
export async function startFrames(options: EdgeOptions): Promise<FramesWorker> {
  const assetsUrl = new URL(options.assetsUrl, location.href).href;
  const worker = new Worker(new URL('frames.js', assetsUrl), {
    type: 'module',
    name: 'drape frames',
  });
  try {
    const models = await untilWarm(worker, { ...options, assetsUrl });
    return around(worker, models);
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

function untilWarm(worker: Worker, options: EdgeOptions): Promise<FramesWorker['models']> {
  const { promise, resolve, reject } = Promise.withResolvers<FramesWorker['models']>();
  const { assetsUrl, profile, always = [], style, holdMs, signal } = options;
  const fail = (error: EdgeError): void => {
    reject(error);
  };
  const timer = setTimeout(() => {
    fail(new EdgeError('worker-failed', `not ready after ${WARM_LIMIT_MS / 1000} s`));
  }, WARM_LIMIT_MS);
  const onAbort = (): void => {
    fail(new EdgeError('aborted', 'given up while it started'));
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  worker.onmessage = ({ data }: MessageEvent<FromFrames>) => {
    if (data.kind === 'warm') resolve(data.models);
    else if (data.kind === 'failed') fail(new EdgeError(data.reason, data.detail));
  };
  worker.onerror = (event) => {
    const detail = event.message || `${assetsUrl}frames.js could not be loaded; run the set-up`;
    fail(new EdgeError('worker-failed', detail));
  };
  const { hardwareConcurrency: cores } = navigator;
  const open = {
    kind: 'open',
    assetsUrl,
    profile,
    cores,
    always,
    style,
    holdMs,
  } satisfies ToFrames;
  worker.postMessage(open);
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  });
}

function around(worker: Worker, models: FramesWorker['models']): FramesWorker {
  return {
    models,
    post(message, transfer = []) {
      worker.postMessage(message, [...transfer]);
    },
    listen({ message, died }) {
      worker.onmessage = ({ data }: MessageEvent<FromFrames>) => {
        message(data);
      };
      worker.onerror = (event) => {
        died(event.message || 'an error without a message');
      };
      worker.onmessageerror = () => {
        died('a message could not be read');
      };
    },
    terminate() {
      worker.terminate();
    },
  };
}
