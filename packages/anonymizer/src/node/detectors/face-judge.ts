import type { FaceFusionSetup } from '@drape/models';
import { cropRgb, judgeSquare, type Box, type Verdict } from '../../core/index.ts';
import type { Picture } from './engine.ts';
import { openModel } from './onnx-session.ts';

/** Crops in one run: more take more memory and are no faster. */
const BATCH = 32;

/** Looks at each proposal's crop of the full picture. */
export interface FaceJudge {
  readonly stamp: { readonly id: string; readonly sha256: string };
  /** Its fusions with detectors' scores. */
  readonly fusions: readonly FaceFusionSetup[];
  judge(picture: Picture, boxes: readonly Box[]): Promise<Verdict[]>;
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

export async function openFaceJudge(threads: number): Promise<FaceJudge> {
  const opened = await openModel('face-judge', { threads });
  const { preprocess, postprocess } = opened.model;
  const [{ widthPx: sizePx } = { widthPx: 0 }] = preprocess.sizes;
  if (postprocess.kind !== 'face-judge') throw new TypeError('face-judge: wrong postprocess');
  const { cropShare } = postprocess;
  const cropBytes = 3 * sizePx * sizePx;
  const crops = new Uint8Array(BATCH * cropBytes);

  async function judgeBatch(picture: Picture, boxes: readonly Box[]): Promise<Verdict[]> {
    const { planes, rotationDeg } = picture;
    boxes.forEach((box, index) => {
      const crop = { square: judgeSquare(box, cropShare), sizePx, rotationDeg };
      cropRgb(planes, crop, crops.subarray(index * cropBytes, (index + 1) * cropBytes));
    });
    const { logits } = await opened.run(crops.subarray(0, boxes.length * cropBytes), [
      boxes.length,
      3,
      sizePx,
      sizePx,
    ]);
    if (logits?.length !== 2 * boxes.length) throw new TypeError('face-judge: wrong output');
    return boxes.map((_, index) => ({
      face: logits[2 * index] ?? NaN,
      endoscopy: logits[2 * index + 1] ?? NaN,
    }));
  }

  return {
    stamp: opened.stamp,
    fusions: postprocess.fusions,
    async judge(picture, boxes) {
      const verdicts: Verdict[] = [];
      for (let at = 0; at < boxes.length; at += BATCH) {
        verdicts.push(...(await judgeBatch(picture, boxes.slice(at, at + BATCH))));
      }
      return verdicts;
    },
    async warmUp() {
      await opened.run(crops.subarray(0, cropBytes), [1, 3, sizePx, sizePx]);
    },
    close: () => opened.close(),
  };
}
