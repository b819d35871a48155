import {
  describeFailure,
  serveEngine,
  type Engine,
  type FromThread,
  type ToThread,
} from '../../core/index.ts';
import { EdgeError } from '../api.ts';
import { workerScope as scope } from '../messages.ts';
import type { DetectorStart } from './start.ts';

// One detector per worker: its runtime blocks the thread. Engines are loaded on demand, so that
// no worker holds the runtime of another one's.

function send(message: FromThread, transfer: readonly ArrayBuffer[] = []): void {
  scope.postMessage(message, transfer);
}

async function openEngine(start: DetectorStart): Promise<Engine> {
  switch (start.id) {
    case 'face-blaze':
      return (await import('./blaze.ts')).openBlazeEngine(start);
    case 'face-centerface':
    case 'face-turned':
      return (await import('./networks.ts')).openFaceEngine(start.id, start);
    case 'head-centerface':
      return (await import('./networks.ts')).openHeadEngine(start);
    case 'text-ppocr':
      return (await import('./networks.ts')).openTextEngine(start);
    case 'code-zxing':
      return (await import('./codes.ts')).openCodeEngine(start);
  }
}

async function open(start: DetectorStart): Promise<(message: ToThread) => void> {
  const engine = await openEngine(start);
  return serveEngine(engine, {
    send,
    end: () => {
      scope.close();
    },
  });
}

let serving: Promise<(message: ToThread) => void> | undefined;
scope.addEventListener('message', ({ data }) => {
  if (serving) {
    void serving.then((serve) => {
      serve(data as ToThread);
    });
    return;
  }
  serving = open(data as DetectorStart);
  serving.catch((error: unknown) => {
    const isAssets = error instanceof EdgeError && error.reason === 'assets';
    const reason = isAssets ? 'model-missing' : 'inference-failed';
    send({ kind: 'failed', call: undefined, reason, detail: describeFailure(error) });
    scope.close();
  });
});
