import { openCodeEngine } from './code-engine.ts';
import type { Engine } from '../../core/index.ts';
import { openFaceEngine } from './face-engine.ts';
import { openTextEngine } from './text-engine.ts';
import type { ThreadStart } from './detector-ids.ts';

/** The engine of a detector. @throws ModelError where its weights are not installed */
export async function openEngine({ id, threads }: ThreadStart): Promise<Engine> {
  switch (id) {
    case 'face-centerface':
      return openFaceEngine(threads);
    case 'text-ppocr':
      return openTextEngine(threads);
    case 'code-zxing':
      return openCodeEngine();
  }
}
