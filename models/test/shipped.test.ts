import { Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { fetchSource } from '../src/fetch.ts';
import { installModels, loadManifest, modelFile, modelsState } from '../src/index.ts';
import { removeInitializersFromInputs } from '../src/convert/initializers.ts';
import { findModel } from '../src/manifest.ts';
import { readModel } from '../src/onnx/codec.ts';
import { CACHE_DIR } from '../src/store.ts';
import { readFileSync } from 'node:fs';
import { drawnFaces } from './support/drawn.ts';
import { floats, largestDifference, meanDifference, run } from './support/build.ts';

/** The published model as it is, but for the inputs that would make onnxruntime refuse the call. */
async function original(id: string) {
  const { source } = findModel(loadManifest(), id);
  const model = readModel(await fetchSource(source, { cacheDir: CACHE_DIR }));
  removeInitializersFromInputs(model.graph);
  return model;
}

beforeAll(async () => {
  await installModels({ log: () => undefined });
});

describe('the installed models', () => {
  it('are all present, and a second installation takes under 100 ms', async () => {
    const start = performance.now();
    const installed = await installModels({ log: () => undefined });
    expect(performance.now() - start).toBeLessThan(100);
    expect(installed.filter((model) => model.fresh)).toEqual([]);
    expect(modelsState().map((model) => model.state)).toEqual(installed.map(() => 'present'));
  });

  it.each([
    ['537', 'heatmap'],
    ['538', 'scale'],
    ['539', 'offset'],
  ])('CenterFace gives the original output %s as %s', async (from, name) => {
    const [heightPx, widthPx] = [256, 320];
    const pixels = drawnFaces(widthPx, heightPx);
    const dims = [1, 3, heightPx, widthPx];
    const feed = { 'input.1': floats(Float32Array.from(pixels), dims) };
    const before = await run(sized(await original('face-centerface')), feed, from);
    const file = modelFile('face-centerface', { variant: 'fp32' });
    const image = { image: new Tensor('uint8', pixels, dims) };
    const after = await run(readFileSync(file), image, name);
    expect(largestDifference(before, after)).toBeLessThan(1e-4);
  });

  it('CenterFace int8 gives nearly the heat map of fp32', async () => {
    const image = { image: new Tensor('uint8', drawnFaces(640, 384), [1, 3, 384, 640]) };
    const [fp32, int8] = await Promise.all(
      ['fp32', 'int8'].map((variant) =>
        run(readFileSync(modelFile('face-centerface', { variant })), image, 'heatmap'),
      ),
    );
    if (!fp32 || !int8) throw new Error('no heat map');
    // Drawn faces are strange to it; on photographs the two differ less (see the model card).
    expect(Math.max(...fp32)).toBeGreaterThan(0.3);
    expect(Math.max(...int8)).toBeGreaterThan(0.3);
    expect(meanDifference(fp32, int8)).toBeLessThan(0.002);
  });

  it('text detection gives what the original gives for normalised BGR', async () => {
    const [heightPx, widthPx] = [64, 96];
    const mean = [0.485, 0.456, 0.406];
    const std = [0.229, 0.224, 0.225];
    const pixels = drawnFaces(widthPx, heightPx);
    const area = widthPx * heightPx;
    const fed = Float32Array.from(pixels, (_, i) => {
      const channel = Math.floor(i / area);
      const raw = pixels[(2 - channel) * area + (i % area)] ?? 0;
      return (raw / 255 - (mean[channel] ?? 0)) / (std[channel] ?? 1);
    });
    const dims = [1, 3, heightPx, widthPx];
    const feed = { x: floats(fed, dims) };
    const before = await run(await original('text-det'), feed, 'sigmoid_0.tmp_0');
    const image = { image: new Tensor('uint8', pixels, dims) };
    const after = await run(readFileSync(modelFile('text-det')), image, 'probability');
    expect(largestDifference(before, after)).toBeLessThan(1e-4);
  });
});

/** The published CenterFace declares the 10 x 3 x 32 x 32 it was traced with; let it take any size. */
function sized(model: Awaited<ReturnType<typeof original>>) {
  const boundary = [...model.graph.input, ...model.graph.output];
  for (const { type } of boundary) delete type?.tensor_type?.shape;
  return model;
}
