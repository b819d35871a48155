import { describe, expect, it } from 'vitest';
import {
  boxArea,
  faceEngine,
  hugeFaceScore,
  iou,
  placedFace,
  type FaceFusionOptions,
  type Network,
  type RotationDeg,
} from '@drape/anonymizer/core';
import { BLACK, blankPlanes, drawBox, WHITE } from '@drape/anonymizer/testing';

const STRIDE_PX = 4;
const BRIGHT = 180;

const fusion: FaceFusionOptions = {
  proposalThreshold: 0.03,
  nonMaximumIou: 0.3,
  maxProposals: 20,
  neighbourShare: 0.1,
  weights: { detectorLogit: 0, judgeFace: 1, neighbourFace: 0 },
  bias: 0,
  sureScore: 0.4,
  outsideBelow: -9,
  thresholds: {
    cautious: { inside: 0, outside: 0 },
    balanced: { inside: 1, outside: 1 },
  },
};

/** Smallest box around what is bright in an input, in its pixels. */
function brightBox(image: Uint8Array, rows: number, columns: number) {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let at = 0; at < rows * columns; at++) {
    if ((image[at] ?? 0) < BRIGHT) continue;
    xs.push(at % columns);
    ys.push(Math.floor(at / columns));
  }
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, w: Math.max(...xs) + 1 - x, h: Math.max(...ys) + 1 - y };
}

/** What `upright` says of what it sees: little. */
const SCORE = 0.2;

/** Sees a bright box where it stands upright. */
const upright: Network = {
  stamp: { id: 'upright', sha256: '' },
  run(image, [, , rows = 0, columns = 0]) {
    const [high, wide] = [rows / STRIDE_PX, columns / STRIDE_PX];
    const { x, y, w, h } = brightBox(image, rows, columns);
    const heatmap = new Float32Array(high * wide);
    const scale = new Float32Array(2 * high * wide);
    const offset = new Float32Array(2 * high * wide);
    if (h > w) {
      const [centreX, centreY] = [(x + w / 2) / STRIDE_PX, (y + h / 2) / STRIDE_PX];
      const cell = Math.floor(centreY) * wide + Math.floor(centreX);
      heatmap[cell] = SCORE;
      scale[cell] = Math.log(h / STRIDE_PX);
      scale[high * wide + cell] = Math.log(w / STRIDE_PX);
      offset[cell] = centreY - Math.floor(centreY) - 0.5;
      offset[high * wide + cell] = centreX - Math.floor(centreX) - 0.5;
    }
    return Promise.resolve({ heatmap, scale, offset });
  },
  close: () => Promise.resolve(),
};

/** Believes what is higher than wide in its crop. */
const judge: Network = {
  stamp: { id: 'judge', sha256: '' },
  run(crops, [count = 0, , rows = 0, columns = 0]) {
    const logits = new Float32Array(2 * count);
    for (let at = 0; at < count; at++) {
      const { w, h } = brightBox(crops.subarray(3 * at * rows * columns), rows, columns);
      logits[2 * at] = h > w ? 5 : -5;
    }
    return Promise.resolve({ logits });
  },
  close: () => Promise.resolve(),
};

const engine = faceEngine({
  id: 'face-centerface',
  detector: upright,
  stridePx: STRIDE_PX,
  judge,
  judgeOptions: { sizePx: 64, cropShare: 1.8 },
  usual: { looks: [[96, 160]], moreLooks: [], fusion },
  thorough: {
    looks: [[96, 160]],
    moreLooks: [{ sides: [96, 160], turnsDeg: [90, 180, 270], proposalThreshold: 0.1 }],
    fusion,
  },
});

describe('faceEngine()', () => {
  const lying = { x: 40, y: 20, w: 60, h: 24 };
  const planes = blankPlanes({ widthPx: 320, heightPx: 180 }, { colour: BLACK });
  drawBox(planes, lying, WHITE);

  it('misses a lying face with a usual look', async () => {
    const look = await engine.look({ planes, rotationDeg: 0 }, 'usual');
    expect(look.detections).toEqual([]);
  });

  it.each([0, 90, 180, 270] as RotationDeg[])(
    'finds it in the coded picture with a thorough one, displayed turned by %i degrees',
    async (rotationDeg) => {
      const { detections } = await engine.look({ planes, rotationDeg }, 'thorough');
      expect(detections).toHaveLength(1);
      const [{ box } = { box: { x: 0, y: 0, w: 0, h: 0 } }] = detections;
      // Seen at a score of .2: drawn larger.
      expect(iou(box, placedFace(lying, SCORE))).toBeGreaterThan(0.8);
      expect(boxArea(box)).toBeGreaterThan(1.2 * boxArea(lying));
    },
  );

  it('does not take a turned look at its threshold for more than it is', async () => {
    const strict = { sides: [96, 160], turnsDeg: [90], proposalThreshold: 0.3 } as const;
    const other = faceEngine({
      id: 'face-centerface',
      detector: upright,
      stridePx: STRIDE_PX,
      judge,
      judgeOptions: { sizePx: 64, cropShare: 1.8 },
      usual: { looks: [[96, 160]], moreLooks: [], fusion },
      thorough: { looks: [[96, 160]], moreLooks: [strict], fusion },
    });
    const look = await other.look({ planes, rotationDeg: 0 }, 'thorough');
    expect(look.detections).toEqual([]);
  });
});

describe('hugeFaceScore()', () => {
  const picture = { widthPx: 256, heightPx: 256 };
  const huge = { x: 20, y: 20, w: 180, h: 200 };

  it('takes what fills the picture for a face only where that is clear', () => {
    expect(hugeFaceScore(0.56, { box: huge, isSure: false }, picture)).toBeLessThan(0.5);
    expect(hugeFaceScore(0.79, { box: huge, isSure: false }, picture)).toBeGreaterThan(0.6);
    expect(hugeFaceScore(1, { box: huge, isSure: false }, picture)).toBe(1);
  });

  it('does not overrule a detector that is sure, and leaves all smaller boxes alone', () => {
    expect(hugeFaceScore(0.5, { box: huge, isSure: true }, picture)).toBe(0.5);
    const large = { ...huge, h: 120 };
    expect(hugeFaceScore(0.5, { box: large, isSure: false }, picture)).toBe(0.5);
  });
});
