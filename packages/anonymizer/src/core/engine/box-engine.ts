import { capBoxes } from '../decode/cap.ts';
import type { DetectionClass, ScoreSteps } from '../detector.ts';
import type { Engine } from './engine.ts';
import { lookAt, type LookSides } from './look-sides.ts';
import type { Network } from './network.ts';
import { proposer, type DecodeOutputs } from './proposer.ts';

/** Whole heads, from any side: CenterFace taught to find them. */
export const HEAD_DETECTOR = 'head-centerface';
export const PERSON_DETECTOR = 'person-centernet';

const MAX_BOXES = 300;

export interface BoxEngineOptions {
  readonly id: string;
  readonly cls: DetectionClass;
  readonly network: Network;
  readonly decode: DecodeOutputs;
  /** Input pixels per cell of the output maps. */
  readonly stridePx: number;
  /** Overlap (IoU) from which the lower of two boxes is dropped. */
  readonly nmsIou: number;
  readonly steps: ScoreSteps;
  readonly sides: LookSides;
}

/** A network that sees one kind of thing on the whole picture, upright. Owns its network. */
export function boxEngine(options: BoxEngineOptions): Engine {
  const { id, cls, network, decode, stridePx, nmsIou, steps } = options;
  const ways = [lookAt(options.sides, 0, steps.low)];
  const boxes = proposer(network, { stridePx, nmsIou, decode });
  return {
    info: { id, classes: [cls], steps, models: [network.stamp] },
    async look(picture) {
      const proposals = await boxes.propose(picture, ways);
      const { kept, saturated } = capBoxes(proposals, MAX_BOXES, picture.planes);
      return { detections: kept.map(({ box, score }) => ({ cls, box, score })), saturated };
    },
    warmUp: () => boxes.warmUp(ways),
    close: () => network.close(),
  };
}
