import { describe, expect, it } from 'vitest';
import { textEngine, type LookEffort, type Network, type Size } from '@drape/anonymizer/core';
import { blankPlanes, drawNoise } from '@drape/anonymizer/testing';

const usual = { widthPx: 960, heightPx: 544 };
const fine = { widthPx: 1600, heightPx: 928 };
const decode = { bitmapThreshold: 0.3, boxThreshold: 0.45, unclipRatio: 1, minSidePx: 2 };

/** Sees a line at this place of the picture, as share of its input, with this probability. */
function seeing(lines: (width: number) => { x: number; y: number; probability: number }[]) {
  const inputs: string[] = [];
  const network: Network = {
    stamp: { id: 'text', sha256: '' },
    run(_, [, , heightPx = 0, widthPx = 0]) {
      inputs.push(`${widthPx}x${heightPx}`);
      const probability = new Float32Array(widthPx * heightPx);
      for (const line of lines(widthPx)) {
        const [left, top] = [Math.round(line.x * widthPx), Math.round(line.y * widthPx)];
        for (let y = top; y < top + widthPx * 0.02; y++) {
          const row = y * widthPx + left;
          probability.fill(line.probability, row, row + Math.round(widthPx * 0.1));
        }
      }
      return Promise.resolve({ probability });
    },
    close: () => Promise.resolve(),
  };
  return { inputs, engine: textEngine({ network, usual, fine, multiplePx: 32, decode }) };
}

const look = async (
  { engine, inputs }: ReturnType<typeof seeing>,
  size: Size,
  effort: LookEffort,
) => {
  const planes = blankPlanes(size);
  drawNoise(planes, 1);
  const { detections } = await engine.look({ planes, rotationDeg: 0 }, effort);
  return { detections, inputs: inputs.splice(0) };
};

const FULL_HD = { widthPx: 1920, heightPx: 1080 };

describe('textEngine()', () => {
  it.each([
    ['usual', FULL_HD, ['960x544']],
    ['fine', FULL_HD, ['1600x928']],
    ['thorough', FULL_HD, ['960x544', '1600x928']],
    ['fine', { widthPx: 1280, heightPx: 720 }, ['1280x736']],
    ['thorough', { widthPx: 720, heightPx: 1280 }, ['544x960', '736x1280']],
    ['fine', { widthPx: 7680, heightPx: 4320 }, ['1600x928']],
  ] as const)('looks for small print as the picture allows: %s at %o', async (effort, size, at) => {
    expect(
      (
        await look(
          seeing(() => []),
          size,
          effort,
        )
      ).inputs,
    ).toEqual(at);
  });

  it.each(['usual', 'fine', 'thorough'] as const)(
    'does not enlarge a small picture to look %s',
    async (effort) => {
      const small = seeing(() => []);
      const { inputs } = await look(small, { widthPx: 720, heightPx: 576 }, effort);
      expect(inputs).toHaveLength(1);
      expect(inputs).toEqual((await look(small, { widthPx: 720, heightPx: 576 }, 'usual')).inputs);
    },
  );

  it('takes nothing for a line where everything is of one colour', async () => {
    const { engine } = seeing(() => [{ x: 0.2, y: 0.1, probability: 0.9 }]);
    const planes = blankPlanes(FULL_HD, { colour: [16, 128, 128] });
    expect((await engine.look({ planes, rotationDeg: 0 }, 'usual')).detections).toEqual([]);
  });

  it('has what either look sees, and once what both see', async () => {
    const both = { x: 0.2, y: 0.1, probability: 0.9 };
    const small = { x: 0.6, y: 0.4, probability: 0.8 };
    const large = { x: 0.1, y: 0.3, probability: 0.7 };
    const seen = seeing((width) => (width > 960 ? [both, small] : [both, large]));
    const { detections } = await look(seen, FULL_HD, 'thorough');
    const centres = detections.map(({ box }) => Math.round((box.x + box.w / 2) / 192));
    expect(centres.sort()).toEqual([2, 3, 7]);
  });
});
