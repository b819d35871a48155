import { judgeSquare, type Verdict } from '../decode/face-fusion.ts';
import type { Box } from '../geometry.ts';
import { cropRgb } from '../resample.ts';
import type { Picture } from './engine.ts';
import type { Network } from './network.ts';

/** Crops in one run: more take more memory and are no faster. */
const BATCH = 32;

export interface JudgeOptions {
  /** Side of a crop in the network's input, in pixels. */
  readonly sizePx: number;
  /** Side of the square crop around a proposal, as share of the box's longer side. */
  readonly cropShare: number;
}

/** Looks at each proposal's crop of the full picture. */
export interface FaceJudge {
  judge(picture: Picture, boxes: readonly Box[]): Promise<Verdict[]>;
  warmUp(): Promise<void>;
}

export function faceJudge(network: Network, { sizePx, cropShare }: JudgeOptions): FaceJudge {
  const cropBytes = 3 * sizePx * sizePx;
  const crops = new Uint8Array(BATCH * cropBytes);

  async function judgeBatch(picture: Picture, boxes: readonly Box[]): Promise<Verdict[]> {
    const { planes, rotationDeg } = picture;
    boxes.forEach((box, index) => {
      const crop = { square: judgeSquare(box, cropShare), sizePx, rotationDeg };
      cropRgb(planes, crop, crops.subarray(index * cropBytes, (index + 1) * cropBytes));
    });
    const { logits } = await network.run(crops.subarray(0, boxes.length * cropBytes), [
      boxes.length,
      3,
      sizePx,
      sizePx,
    ]);
    if (logits?.length !== 2 * boxes.length) {
      throw new TypeError(`${network.stamp.id}: wrong output`);
    }
    return boxes.map((_, index) => ({
      face: logits[2 * index] ?? NaN,
      endoscopy: logits[2 * index + 1] ?? NaN,
    }));
  }

  return {
    async judge(picture, boxes) {
      const verdicts: Verdict[] = [];
      for (let at = 0; at < boxes.length; at += BATCH) {
        verdicts.push(...(await judgeBatch(picture, boxes.slice(at, at + BATCH))));
      }
      return verdicts;
    },
    async warmUp() {
      await network.run(crops.subarray(0, cropBytes), [1, 3, sizePx, sizePx]);
    },
  };
}
