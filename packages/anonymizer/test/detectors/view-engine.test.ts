import { describe, expect, it } from 'vitest';
import { viewEngine, type Network } from '@drape/anonymizer/core';
import { BLACK, blankPlanes, drawBox, WHITE } from '@drape/anonymizer/testing';

const SIDE_PX = 32;
const SIZE = { widthPx: 320, heightPx: 180 };

/** Says that what is brighter is farther inside; NaN for an empty picture. */
const brightness: Network = {
  stamp: { id: 'brightness', sha256: '' },
  run(image, shape) {
    expect(shape).toEqual([1, 3, SIDE_PX, SIDE_PX]);
    const mean = image.reduce((sum, value) => sum + value, 0) / image.length;
    return Promise.resolve({ logits: new Float32Array([mean === 0 ? NaN : mean / 25]) });
  },
  close: () => Promise.resolve(),
};
const engine = viewEngine({ network: brightness, sizePx: SIDE_PX, leastLogit: 5 });

async function outsideOf(planes: ReturnType<typeof blankPlanes>): Promise<number | undefined> {
  const { detections } = await engine.look({ planes, rotationDeg: 0 }, 'usual');
  expect(detections.map(({ box, cls }) => ({ box, cls }))).toEqual([
    { cls: 'outside', box: { x: 0, y: 0, w: SIZE.widthPx, h: SIZE.heightPx } },
  ]);
  return detections[0]?.score;
}

describe('viewEngine()', () => {
  it('is unsure below the least logit and sure above it', async () => {
    const white = blankPlanes(SIZE, { colour: WHITE });
    expect(await outsideOf(white)).toBeLessThan(0.1);
    drawBox(white, { x: 0, y: 0, w: 240, h: 180 }, BLACK);
    expect(await outsideOf(white)).toBeGreaterThan(0.5);
  });

  it('takes an answer that is no number for the outside', async () => {
    expect(await outsideOf(blankPlanes(SIZE, { colour: BLACK }))).toBe(1);
  });
});
