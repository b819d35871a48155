import { parentPort, workerData } from 'node:worker_threads';
import { ModelError } from '@drape/models';
import type { Engine } from './engine.ts';
import { openEngine } from './open-engine.ts';
import { unpackFrame } from './packed-frame.ts';
import type { FromThread, ThreadStart, ToThread } from './thread-protocol.ts';

// The runtime's run() blocks its thread (onnxruntime-node 1.30: run inside setImmediate), so
// every detector has one of its own, and the frames' thread stays free.

if (!parentPort) throw new Error('thread.ts is started by openThreadDetector');
const port = parentPort;
const start = workerData as ThreadStart;

function send(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

async function answer(engine: Engine, message: ToThread): Promise<void> {
  switch (message.kind) {
    case 'warm-up':
      await engine.warmUp();
      send({ kind: 'warm', call: message.call });
      return;
    case 'look': {
      const { frame, call } = message;
      const { rotationDeg, buffer } = frame;
      const look = await engine.look({ planes: unpackFrame(frame), rotationDeg });
      send({ kind: 'seen', call, look, buffer }, [buffer]);
      return;
    }
    case 'close':
      await engine.close();
      port.close();
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

try {
  const engine = await openEngine(start);
  let queue = Promise.resolve();
  port.on('message', (message: ToThread) => {
    queue = queue
      .then(() => answer(engine, message))
      .catch((error: unknown) => {
        const call = message.kind === 'close' ? undefined : message.call;
        send({ kind: 'failed', call, reason: 'inference-failed', detail: describe(error) });
      });
  });
  send({ kind: 'ready', info: engine.info });
} catch (error) {
  const reason = error instanceof ModelError ? 'model-missing' : 'inference-failed';
  send({ kind: 'failed', call: undefined, reason, detail: describe(error) });
  port.close();
}
