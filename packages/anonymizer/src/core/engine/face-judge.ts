import { judgeSquare, type Verdict } from '../decode/face-fusion.ts';
import { cropRgb } from '../resample.ts';
import type { Picture } from './engine.ts';
import { addTurns, type TurnedProposal } from './proposer.ts';
import type { Network } from './network.ts';

/** Crops in one run: more take more memory and are no faster. */
const BATCH = 32;

export interface JudgeOptions {
  /** Side of a crop in the network's input, in pixels. */
  readonly sizePx: number;
  /** Side of the square crop around a proposal, as share of the box's longer side. */
  readonly cropShare: number;
}

/** Looks at each proposal's crop of the full picture, turned as it was when it was proposed. */
export interface FaceJudge {
  judge(picture: Picture, proposals: readonly JudgedProposal[]): Promise<Verdict[]>;
  warmUp(): Promise<void>;
}

type JudgedProposal = Pick<TurnedProposal, 'box' | 'turnDeg'>;

export function faceJudge(network: Network, { sizePx, cropShare }: JudgeOptions): FaceJudge {
  const cropBytes = 3 * sizePx * sizePx;
  const crops = new Uint8Array(BATCH * cropBytes);

  async function judgeBatch(
    { planes, rotationDeg: uprightDeg }: Picture,
    proposals: readonly JudgedProposal[],
  ): Promise<Verdict[]> {
    proposals.forEach(({ box, turnDeg }, index) => {
      const rotationDeg = addTurns(uprightDeg, turnDeg);
      const crop = { square: judgeSquare(box, cropShare), sizePx, rotationDeg };
      cropRgb(planes, crop, crops.subarray(index * cropBytes, (index + 1) * cropBytes));
    });
    const { logits } = await network.run(crops.subarray(0, proposals.length * cropBytes), [
      proposals.length,
      3,
      sizePx,
      sizePx,
    ]);
    if (logits?.length !== 2 * proposals.length) {
      throw new TypeError(`${network.stamp.id}: wrong output`);
    }
    return proposals.map((_, index) => ({
      face: logits[2 * index] ?? NaN,
      endoscopy: logits[2 * index + 1] ?? NaN,
    }));
  }

  return {
    async judge(picture, proposals) {
      const verdicts: Verdict[] = [];
      for (let at = 0; at < proposals.length; at += BATCH) {
        verdicts.push(...(await judgeBatch(picture, proposals.slice(at, at + BATCH))));
      }
      return verdicts;
    },
    async warmUp() {
      await network.run(crops.subarray(0, cropBytes), [1, 3, sizePx, sizePx]);
    },
  };
}
