import { decodeCenterFace, type Proposal } from '../decode/centerface.ts';
import { suppress } from '../decode/suppress.ts';
import type { RotationDeg } from '../frame.ts';
import { clipBox } from '../geometry.ts';
import { letterboxRgb, turnedSize } from '../resample.ts';
import type { Picture } from './engine.ts';
import { inputSize, type InputLimits } from './input-size.ts';
import type { Network } from './network.ts';

export interface ProposalOptions {
  /** Input pixels per cell of the output maps. */
  readonly stridePx: number;
  /** Overlap (IoU) from which the lower of two boxes is dropped. */
  readonly nmsIou: number;
}

/** One way to look at a picture: how large, and turned clockwise from upright. */
export interface ProposalLook extends InputLimits {
  /** Cells of the heatmap above this are looked at. */
  readonly threshold: number;
  readonly turnDeg: RotationDeg;
}

/** A box in coded pixels, and how far the picture was turned when it was seen. */
export interface TurnedProposal extends Proposal {
  readonly turnDeg: RotationDeg;
}

/** What a CenterFace-like network proposes in a picture. */
export interface FaceProposer {
  /** Boxes in coded pixels, clipped to the picture, best first, over all looks. */
  propose(picture: Picture, looks: readonly ProposalLook[]): Promise<TurnedProposal[]>;
  /** Runs once on black inputs of these sizes. */
  warmUp(looks: readonly ProposalLook[]): Promise<void>;
}

export function faceProposer(network: Network, options: ProposalOptions): FaceProposer {
  const { stridePx, nmsIou } = options;
  let input = new Uint8Array(0);

  const lookOnce = async (
    { planes, rotationDeg: uprightDeg }: Picture,
    { turnDeg, threshold, ...limits }: ProposalLook,
  ): Promise<TurnedProposal[]> => {
    const rotationDeg = addTurns(uprightDeg, turnDeg);
    const { widthPx, heightPx } = inputSize(turnedSize(planes, rotationDeg), limits);
    const length = 3 * widthPx * heightPx;
    if (input.length < length) input = new Uint8Array(length);
    const image = input.subarray(0, length);
    const { toFrame } = letterboxRgb(planes, { widthPx, heightPx, rotationDeg }, image);
    const { heatmap, scale, offset } = await network.run(image, [1, 3, heightPx, widthPx]);
    if (!heatmap || !scale || !offset) {
      throw new TypeError(`${network.stamp.id}: an output is missing`);
    }
    const cells = { rows: heightPx / stridePx, columns: widthPx / stridePx };
    const found = decodeCenterFace({ ...cells, heatmap, scale, offset }, { threshold, stridePx });
    return found.map((proposal) => ({ ...proposal, box: toFrame(proposal.box), turnDeg }));
  };

  return {
    async propose(picture, looks) {
      const found: TurnedProposal[] = [];
      for (const limits of looks) found.push(...(await lookOnce(picture, limits)));
      const bestFirst = found.sort((a, b) => b.score - a.score);
      return suppress(bestFirst, nmsIou).flatMap((proposal): TurnedProposal[] => {
        const box = clipBox(proposal.box, picture.planes);
        return box ? [{ ...proposal, box }] : [];
      });
    },
    async warmUp(looks) {
      for (const { shortPx, longPx } of looks) {
        await network.run(new Uint8Array(3 * shortPx * longPx), [1, 3, shortPx, longPx]);
      }
    },
  };
}

/** Both turns, one after the other. */
export function addTurns(a: RotationDeg, b: RotationDeg): RotationDeg {
  return ((a + b) % 360) as RotationDeg;
}
