import { textEngine, type Engine } from '../../core/index.ts';
import { openModel } from './onnx-session.ts';

/** PP-OCR's text detector on the whole picture. */
export async function openTextEngine(threads: number): Promise<Engine> {
  const network = await openModel('text-det', { threads });
  const { postprocess, preprocess } = network.model;
  if (postprocess.kind !== 'db-text') throw new TypeError('text-det: wrong postprocess');
  const [largest] = preprocess.sizes;
  if (!largest) throw new TypeError('text-det: no size');
  const { multiplePx } = preprocess;
  return textEngine({ network, largest, multiplePx, decode: postprocess });
}
