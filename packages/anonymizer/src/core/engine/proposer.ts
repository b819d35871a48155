import { decodeCenterFace, type Proposal } from '../decode/centerface.ts';
import { decodeCenterNet } from '../decode/centernet.ts';
import { suppress } from '../decode/suppress.ts';
import type { I420Planes, RotationDeg } from '../frame.ts';
import { clipBox } from '../geometry.ts';
import {
  letterboxRgb,
  TurnedLetterboxes,
  turnedSize,
  type Letterbox,
  type LetterboxTarget,
} from '../resample.ts';
import type { Picture } from './engine.ts';
import { inputSize, type InputLimits } from './input-size.ts';
import type { Network } from './network.ts';

export interface ProposalOptions {
  /** Input pixels per cell of the output maps. */
  readonly stridePx: number;
  /** Overlap (IoU) from which the lower of two boxes is dropped. */
  readonly nmsIou: number;
  readonly decode: DecodeOutputs;
}

/** Boxes in a network's outputs, best first. @throws TypeError naming an output that is missing */
export type DecodeOutputs = (
  outputs: Awaited<ReturnType<Network['run']>>,
  how: {
    readonly rows: number;
    readonly columns: number;
    readonly threshold: number;
    readonly stridePx: number;
  },
) => Proposal[];

export const centerFaceBoxes: DecodeOutputs = (
  { heatmap, scale, offset },
  { rows, columns, ...how },
) => {
  if (!heatmap || !scale || !offset) throw new TypeError('an output is missing');
  return decodeCenterFace({ rows, columns, heatmap, scale, offset }, how);
};

/** Objects of the one class in CenterNet's heatmap. */
export const centerNetBoxes: DecodeOutputs = ({ heatmap, sides }, { rows, columns, ...how }) => {
  if (heatmap?.length !== rows * columns || !sides) throw new TypeError('an output is missing');
  return decodeCenterNet({ rows, columns, heatmap, sides }, how);
};

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

/** What a network of boxes proposes in a picture. */
export interface Proposer {
  /** Boxes in coded pixels, clipped to the picture, best first, over all looks. */
  propose(picture: Picture, looks: readonly ProposalLook[]): Promise<TurnedProposal[]>;
  /** Runs once on black inputs of these sizes. */
  warmUp(looks: readonly ProposalLook[]): Promise<void>;
}

export function proposer(network: Network, options: ProposalOptions): Proposer {
  const { stridePx, nmsIou, decode } = options;
  let input = new Uint8Array(0);

  const decodeOrName: DecodeOutputs = (outputs, how) => {
    try {
      return decode(outputs, how);
    } catch (cause) {
      throw new TypeError(`${network.stamp.id}: ${(cause as Error).message}`, { cause });
    }
  };

  const lookOnce = async (
    { planes, rotationDeg: uprightDeg }: Picture,
    { turnDeg, threshold, ...limits }: ProposalLook,
    letterbox: DrawLetterbox,
  ): Promise<TurnedProposal[]> => {
    const rotationDeg = addTurns(uprightDeg, turnDeg);
    const { widthPx, heightPx } = inputSize(turnedSize(planes, rotationDeg), limits);
    const length = 3 * widthPx * heightPx;
    if (input.length < length) input = new Uint8Array(length);
    const image = input.subarray(0, length);
    const { toFrame } = letterbox({ widthPx, heightPx, rotationDeg }, image);
    const outputs = await network.run(image, [1, 3, heightPx, widthPx]);
    const cells = { rows: heightPx / stridePx, columns: widthPx / stridePx };
    const found = decodeOrName(outputs, { ...cells, threshold, stridePx });
    return found.map((proposal) => ({ ...proposal, box: toFrame(proposal.box), turnDeg }));
  };

  return {
    async propose(picture, looks) {
      const found: TurnedProposal[] = [];
      const letterbox = letterboxes(picture.planes, looks.length);
      for (const limits of looks) found.push(...(await lookOnce(picture, limits, letterbox)));
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

type DrawLetterbox = (target: LetterboxTarget, out: Uint8Array) => Letterbox;

/** Several looks at one picture mostly differ in its turn. */
function letterboxes(planes: I420Planes, looks: number): DrawLetterbox {
  if (looks === 1) return (target, out) => letterboxRgb(planes, target, out);
  const turned = new TurnedLetterboxes(planes);
  return (target, out) => turned.draw(target, out);
}

/** Both turns, one after the other. */
export function addTurns(a: RotationDeg, b: RotationDeg): RotationDeg {
  return ((a + b) % 360) as RotationDeg;
}
