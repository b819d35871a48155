import { describe, expect, it } from 'vitest';
import { attendOnce } from '../src/convert/attention-once.ts';
import { foldBatchNorm } from '../src/convert/batchnorm.ts';
import { flushTiny } from '../src/convert/flush-tiny.ts';
import { foldBias } from '../src/convert/fold-bias.ts';
import { upscalePointwise } from '../src/convert/pointwise-upscale.ts';
import { intAttribute } from '../src/onnx/graph.ts';
import { floatsOf, floatTensor } from '../src/onnx/tensor.ts';
import type { OnnxModel } from '../src/onnx/schema.ts';
import {
  floats,
  ints,
  largestDifference,
  model,
  node,
  run,
  value,
  values,
  weights,
} from './support/build.ts';

const SIZE = [1, 4, 6, 5];
const input = () => ({ x: floats(values(120, 7), SIZE) });
const y = { name: 'y', type: { tensor_type: { elem_type: 1 } } };

const upscale = (from: string, to: string, weight: string) =>
  node('ConvTranspose', [from, weight], to, [
    ints('kernel_shape', [2, 2]),
    ints('strides', [2, 2]),
    ints('pads', [0, 0, 0, 0]),
    ints('dilations', [1, 1]),
    intAttribute('group', 1),
  ]);

/** The end of PP-OCR's detector: two upscalings, biases added apart, a norm between them. */
function upscaled(): OnnxModel {
  const variance = floatTensor('var', [3], Float32Array.of(0.5, 1.5, 2));
  return model({
    node: [
      upscale('x', 'up1', 'w1'),
      node('Add', ['up1', 'b1'], 'sum1'),
      node('BatchNormalization', ['sum1', 'gamma', 'beta', 'mean', 'var'], 'norm'),
      node('Relu', ['norm'], 'relu'),
      upscale('relu', 'up2', 'w2'),
      node('Add', ['up2', 'b2'], 'sum2'),
      node('Sigmoid', ['sum2'], 'y'),
    ],
    initializer: [
      weights('w1', [4, 3, 2, 2], 1),
      weights('b1', [1, 3, 1, 1], 2),
      weights('gamma', [3], 3),
      weights('beta', [3], 4),
      weights('mean', [3], 5),
      variance,
      weights('w2', [3, 2, 2, 2], 6),
      weights('b2', [1, 2, 1, 1], 8),
    ],
    input: [value('x', SIZE)],
    output: [y],
  });
}

const ops = ({ graph }: OnnxModel) => graph.node.map((one) => one.op_type);

describe('foldBias', () => {
  it('makes an added constant the bias of the upscaling, so that a norm folds into it', async () => {
    const folded = upscaled();
    foldBias(folded.graph);
    foldBatchNorm(folded.graph);
    expect(ops(folded)).toEqual(['ConvTranspose', 'Relu', 'ConvTranspose', 'Sigmoid']);
    const before = await run(upscaled(), input(), 'y');
    expect(largestDifference(before, await run(folded, input(), 'y'))).toBeLessThan(1e-6);
  });

  it('leaves an upscaling alone whose bare result is read elsewhere', () => {
    const shared = upscaled();
    shared.graph.output.push({ name: 'up1', type: { tensor_type: { elem_type: 1 } } });
    foldBias(shared.graph);
    expect(ops(shared).filter((op) => op === 'Add')).toHaveLength(1);
  });
});

describe('upscalePointwise', () => {
  it('computes two upscalings in a row as 1×1 convolutions, every pixel at its place', async () => {
    const pointwise = upscaled();
    foldBias(pointwise.graph);
    foldBatchNorm(pointwise.graph);
    upscalePointwise(pointwise.graph);
    expect(ops(pointwise)).toEqual(['Conv', 'Relu', 'Conv', 'Sigmoid', 'DepthToSpace']);
    const before = await run(upscaled(), input(), 'y');
    const after = await run(pointwise, input(), 'y');
    expect(after).toHaveLength(2 * 24 * 20);
    expect(largestDifference(before, after)).toBeLessThan(1e-6);
  });

  it('lays the pixels out before what reads the map as a picture', async () => {
    const read = (): OnnxModel => {
      const source = upscaled();
      source.graph.node.splice(1, 6, node('GlobalAveragePool', ['up1'], 'y'));
      return source;
    };
    const pointwise = read();
    upscalePointwise(pointwise.graph);
    expect(ops(pointwise)).toEqual(['Conv', 'DepthToSpace', 'GlobalAveragePool']);
    const before = await run(read(), input(), 'y');
    expect(largestDifference(before, await run(pointwise, input(), 'y'))).toBeLessThan(1e-6);
  });

  it.each([
    ['overlaps', 'kernel_shape', [3, 3]],
    ['pads', 'pads', [0, 0, 1, 1]],
    ['dilates', 'dilations', [2, 2]],
  ])('refuses an upscaling that %s', (_, name, numbers) => {
    const other = upscaled();
    for (const { attribute } of other.graph.node) {
      const found = attribute.find((one) => one.name === name);
      if (found) found.ints = numbers;
    }
    expect(() => {
      upscalePointwise(other.graph);
    }).toThrow('found no ConvTranspose');
  });
});

describe('attendOnce', () => {
  const attention = (): OnnxModel =>
    model({
      node: [
        node('GlobalAveragePool', ['x'], 'mean'),
        node('HardSigmoid', ['mean'], 's'),
        node('Mul', ['x', 's'], 'product'),
        node('Add', ['x', 'product'], 'y'),
      ],
      input: [value('x', SIZE)],
      output: [y],
    });

  it('multiplies once where x + x · s was meant', async () => {
    const once = attention();
    attendOnce(once.graph);
    expect(ops(once)).toEqual(['GlobalAveragePool', 'HardSigmoid', 'Add', 'Mul']);
    const before = await run(attention(), input(), 'y');
    expect(largestDifference(before, await run(once, input(), 'y'))).toBeLessThan(1e-6);
  });

  it('refuses a graph in which the product is needed itself', () => {
    const shared = attention();
    shared.graph.output.push({ name: 'product', type: { tensor_type: { elem_type: 1 } } });
    expect(() => {
      attendOnce(shared.graph);
    }).toThrow('found no x + x · s');
  });
});

describe('flushTiny', () => {
  it('makes nothing of weights that are next to nothing, and keeps the others to the bit', () => {
    const [small, usual] = [Float32Array.of(1e-38, -3e-42, 0.5), Float32Array.of(1e-20, -2, 3)];
    const source = model({
      initializer: [floatTensor('small', [3], small), floatTensor('usual', [3], usual)],
    });
    flushTiny(source.graph);
    expect(source.graph.initializer.map(floatsOf)).toEqual([Float32Array.of(0, 0, 0.5), usual]);
  });
});
