import type { Engine } from '../../core/index.ts';
import type { ThreadStart } from './detector-ids.ts';

/**
 * The engine of a detector; each brings its own runtime, and a thread loads only the one that it
 * runs. @throws ModelError where its weights are not installed
 */
export async function openEngine({ id, threads }: ThreadStart): Promise<Engine> {
  switch (id) {
    case 'face-centerface':
    case 'face-turned':
      return (await import('./face-engine.ts')).openFaceEngine(id, threads);
    case 'head-centerface':
    case 'person-centernet':
      return (await import('./box-engine.ts')).openBoxEngine(id, threads);
    case 'text-ppocr':
      return (await import('./text-engine.ts')).openTextEngine(threads);
    case 'code-zxing':
      return (await import('./code-engine.ts')).openCodeEngine();
    case 'view-gate':
      return (await import('./view-engine.ts')).openViewEngine(threads);
  }
}
