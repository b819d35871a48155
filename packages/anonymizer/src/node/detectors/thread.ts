import { getPriority, platform, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { ModelError } from '@drape/models';
import { describeFailure, serveEngine, type FromThread, type ToThread } from '../../core/index.ts';
import type { ThreadStart } from './detector-ids.ts';
import { openEngine } from './open-engine.ts';

// The runtime's run() blocks its thread (onnxruntime-node 1.30: run inside setImmediate), so
// every detector has one of its own, and the frames' thread stays free.

if (!parentPort) throw new Error('thread.ts is started by openThreadDetector');
const port = parentPort;

function send(message: FromThread, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, [...transfer]);
}

try {
  const start = workerData as ThreadStart;
  const { niceness = 0 } = start;
  // Linux takes 0 for the calling thread; elsewhere it is the whole process.
  if (niceness > 0 && platform() === 'linux') setPriority(0, getPriority(0) + niceness);
  const engine = await openEngine(start);
  const serve = serveEngine(engine, {
    send,
    end: () => {
      port.close();
    },
  });
  port.on('message', (message: ToThread) => {
    serve(message);
  });
} catch (error) {
  const reason = error instanceof ModelError ? 'model-missing' : 'inference-failed';
  send({ kind: 'failed', call: undefined, reason, detail: describeFailure(error) });
  port.close();
}
