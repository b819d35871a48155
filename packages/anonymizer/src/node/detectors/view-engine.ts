import { VIEW_DETECTOR, viewEngine, type Engine } from '../../core/index.ts';
import { openModel } from './onnx-session.ts';

/** The view gate on the whole picture. */
export async function openViewEngine(threads: number): Promise<Engine> {
  const network = await openModel(VIEW_DETECTOR, { threads });
  const { postprocess, preprocess } = network.model;
  if (postprocess.kind !== 'view-gate') throw new TypeError(`${VIEW_DETECTOR}: wrong postprocess`);
  const [{ widthPx: sizePx } = { widthPx: 0 }] = preprocess.sizes;
  return viewEngine({ network, sizePx, leastLogit: postprocess.leastLogit });
}
