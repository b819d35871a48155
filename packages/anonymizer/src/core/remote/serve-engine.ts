import type { Engine } from '../engine/engine.ts';
import { unpackFrame } from './packed-frame.ts';
import type { FromThread, ToThread } from './protocol.ts';

export interface ServingPort {
  send(message: FromThread, transfer: readonly ArrayBuffer[]): void;
  /** The engine is closed: the thread may end. */
  end(): void;
}

/** Answers a thread's messages with its engine, one after the other. Give it every message. */
export function serveEngine(engine: Engine, port: ServingPort): (message: ToThread) => void {
  let queue = Promise.resolve();
  port.send({ kind: 'ready', info: engine.info }, []);
  return (message) => {
    queue = queue
      .then(() => answer(engine, message, port))
      .catch((error: unknown) => {
        const call = message.kind === 'close' ? undefined : message.call;
        const detail = describeFailure(error);
        port.send({ kind: 'failed', call, reason: 'inference-failed', detail }, []);
      });
  };
}

async function answer(engine: Engine, message: ToThread, port: ServingPort): Promise<void> {
  switch (message.kind) {
    case 'warm-up':
      await engine.warmUp();
      port.send({ kind: 'warm', call: message.call }, []);
      return;
    case 'look': {
      const { frame, call, effort } = message;
      const { rotationDeg, buffer } = frame;
      const look = await engine.look({ planes: unpackFrame(frame), rotationDeg }, effort);
      port.send({ kind: 'seen', call, look, buffer }, [buffer]);
      return;
    }
    case 'close':
      await engine.close();
      port.end();
  }
}

export function describeFailure(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
