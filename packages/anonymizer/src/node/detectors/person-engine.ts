import { PERSON_DETECTOR, boxEngine, centerNetBoxes, type Engine } from '../../core/index.ts';
import { openModel } from './onnx-session.ts';

/** CenterNet on the whole picture: persons, from any side. */
export async function openPersonEngine(threads: number): Promise<Engine> {
  const network = await openModel(PERSON_DETECTOR, { threads });
  const { postprocess, preprocess } = network.model;
  if (postprocess.kind !== 'centernet')
    throw new TypeError(`${PERSON_DETECTOR}: wrong postprocess`);
  const { stridePx, nmsIou, classIndex, lowScore, highScore } = postprocess;
  const [sides, quickSides = sides] = preprocess.sizes.map(
    ({ heightPx, widthPx }) => [heightPx, widthPx] as const,
  );
  if (!sides || !quickSides) throw new TypeError(`${PERSON_DETECTOR}: no size`);
  return boxEngine({
    id: PERSON_DETECTOR,
    cls: 'person',
    network,
    decode: centerNetBoxes(classIndex),
    stridePx,
    nmsIou,
    steps: { low: lowScore, high: highScore },
    sides,
    quickSides,
  });
}
