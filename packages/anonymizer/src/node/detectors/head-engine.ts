import { HEAD_DETECTOR, boxEngine, centerFaceBoxes, type Engine } from '../../core/index.ts';
import { openModel } from './onnx-session.ts';

/** CenterFace taught to find whole heads, on the whole picture. */
export async function openHeadEngine(threads: number): Promise<Engine> {
  const network = await openModel(HEAD_DETECTOR, { threads });
  const { postprocess, preprocess } = network.model;
  if (postprocess.kind !== 'centerface') throw new TypeError(`${HEAD_DETECTOR}: wrong postprocess`);
  const { stridePx, nmsIou, proposalThreshold: low, scoreThreshold: high } = postprocess;
  const [sides, quickSides = sides] = preprocess.sizes.map(
    ({ heightPx, widthPx }) => [heightPx, widthPx] as const,
  );
  if (!sides || !quickSides) throw new TypeError(`${HEAD_DETECTOR}: no size`);
  return boxEngine({
    id: HEAD_DETECTOR,
    cls: 'head',
    network,
    decode: centerFaceBoxes,
    stridePx,
    nmsIou,
    steps: { low, high },
    sides,
    quickSides,
  });
}
