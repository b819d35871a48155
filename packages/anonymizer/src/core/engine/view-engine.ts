import type { Detection, Look } from '../detector.ts';
import { stretchRgb } from '../resample.ts';
import type { Engine, Picture } from './engine.ts';
import type { Network } from './network.ts';

export const VIEW_DETECTOR = 'view-gate';

/**
 * How surely a picture must be inside a body to be shown by a profile that asks, 0..1. At this
 * score none of the pictures from outside that the gate was measured with passes; a site may ask
 * for more, never for less.
 */
export const LEAST_INSIDE = 0.5;

export interface ViewEngineOptions {
  readonly network: Network;
  /** Side of the input: the whole picture is stretched to a square, in pixels. */
  readonly sizePx: number;
  /** The network's logit that counts as LEAST_INSIDE. */
  readonly leastLogit: number;
}

/**
 * Is all of this picture inside a body? It detects the opposite: every look gives one box over
 * the whole picture, whose score is how far it is from sure. Owns its network.
 */
export function viewEngine({ network, sizePx, leastLogit }: ViewEngineOptions): Engine {
  const input = new Uint8Array(3 * sizePx * sizePx);
  const shape = [1, 3, sizePx, sizePx];
  const outsideFrom = 1 - LEAST_INSIDE;

  const look = async ({ planes, rotationDeg }: Picture): Promise<Look> => {
    stretchRgb(planes, { sizePx, rotationDeg }, input);
    const { logits } = await network.run(input, shape);
    const [inside] = logits ?? [];
    if (inside === undefined) throw new TypeError(`${network.stamp.id}: the output is missing`);
    const box = { x: 0, y: 0, w: planes.widthPx, h: planes.heightPx };
    const outside: Detection = { cls: 'outside', box, score: outsideScore(inside - leastLogit) };
    return { detections: [outside], saturated: [] };
  };

  return {
    info: {
      id: VIEW_DETECTOR,
      classes: ['outside'],
      steps: { low: outsideFrom, high: outsideFrom },
      models: [network.stamp],
    },
    async warmUp() {
      await network.run(input, shape);
    },
    look: (picture) => look(picture),
    close: () => network.close(),
  };
}

/** 1 for a logit that says nothing: NaN must never look like the inside of anything. */
function outsideScore(margin: number): number {
  const score = 1 / (1 + Math.exp(margin));
  return Number.isNaN(score) ? 1 : score;
}
