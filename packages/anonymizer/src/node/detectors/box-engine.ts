import type { ManifestModel } from '@drape/models';
import {
  HEAD_DETECTOR,
  PERSON_DETECTOR,
  boxEngine,
  centerFaceBoxes,
  centerNetBoxes,
  type BoxEngineOptions,
  type Engine,
} from '../../core/index.ts';
import { openModel } from './onnx-session.ts';

type BoxDetectorId = typeof HEAD_DETECTOR | typeof PERSON_DETECTOR;

/** Whole heads or whole persons, on the whole picture. */
export async function openBoxEngine(id: BoxDetectorId, threads: number): Promise<Engine> {
  const network = await openModel(id, { threads });
  const [size] = network.model.preprocess.sizes;
  if (!size) throw new TypeError(`${id}: no size`);
  const sides = [size.heightPx, size.widthPx] as const;
  const cls = id === HEAD_DETECTOR ? 'head' : 'person';
  return boxEngine({ id, cls, network, sides, ...decoding(network.model) });
}

function decoding({
  id,
  postprocess,
}: ManifestModel): Pick<BoxEngineOptions, 'decode' | 'stridePx' | 'nmsIou' | 'steps'> {
  const { kind } = postprocess;
  if (kind === 'centerface') {
    const { stridePx, nmsIou, proposalThreshold: low, scoreThreshold: high } = postprocess;
    return { decode: centerFaceBoxes, stridePx, nmsIou, steps: { low, high } };
  }
  if (kind === 'centernet') {
    const { stridePx, nmsIou, lowScore: low, highScore: high } = postprocess;
    return { decode: centerNetBoxes, stridePx, nmsIou, steps: { low, high } };
  }
  throw new TypeError(`${id}: wrong postprocess`);
}
