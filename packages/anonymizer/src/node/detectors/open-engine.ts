import type { Engine } from './engine.ts';
import { openFaceEngine } from './face-engine.ts';
import type { ThreadStart } from './thread-protocol.ts';

export async function openEngine({ id, threads }: ThreadStart): Promise<Engine> {
  switch (id) {
    case 'face-centerface':
      return openFaceEngine(threads);
    case 'text-ppocr':
    case 'code-zxing':
      throw new Error(`detector ${id} is not built yet`);
  }
}
