import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { foldBatchNorm } from '../src/convert/batchnorm.ts';
import {
  constantsToInitializers,
  removeInitializersFromInputs,
} from '../src/convert/initializers.ts';
import { setInterface } from '../src/convert/interface.ts';
import { keepChannels } from '../src/convert/keep-channels.ts';
import { raiseOpset } from '../src/convert/opset.ts';
import { takeUint8Rgb } from '../src/convert/uint8-input.ts';
import { readModel, writeModel } from '../src/onnx/codec.ts';
import { toNumber } from '../src/onnx/tensor.ts';
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

/** Conv or ConvTranspose, then BatchNormalization, then Relu. */
function normalised(op: 'Conv' | 'ConvTranspose', group: number): OnnxModel {
  const dims = op === 'Conv' ? [6, 4 / group, 2, 2] : [4, 6 / group, 2, 2];
  const variance = weights('var', [6], 5);
  variance.raw_data = new Uint8Array(values(6, 5).map((v) => v * v + 0.3).buffer);
  return model({
    node: [
      node(op, ['x', 'w', 'b'], 'c', [
        ints('kernel_shape', [2, 2]),
        { name: 'group', type: 2, i: group },
      ]),
      node('BatchNormalization', ['c', 'gamma', 'beta', 'mean', 'var'], 'n', [
        { name: 'epsilon', type: 1, f: 1e-3 },
      ]),
      node('Relu', ['n'], 'y'),
    ],
    initializer: [
      weights('w', dims),
      weights('b', [6], 2),
      weights('gamma', [6], 3),
      weights('beta', [6], 4),
      weights('mean', [6], 6),
      variance,
    ],
    input: [value('x', SIZE)],
    output: [{ name: 'y', type: { tensor_type: { elem_type: 1 } } }],
  });
}

describe('foldBatchNorm', () => {
  it.each([
    ['Conv', 1],
    ['Conv', 2],
    ['ConvTranspose', 1],
    ['ConvTranspose', 2],
  ] as const)('keeps what %s with %i group(s) computes', async (op, group) => {
    const before = await run(normalised(op, group), input(), 'y');
    const folded = normalised(op, group);
    foldBatchNorm(folded.graph);
    expect(folded.graph.node.map((n) => n.op_type)).toEqual([op, 'Relu']);
    expect(folded.graph.initializer).toHaveLength(2);
    expect(largestDifference(before, await run(folded, input(), 'y'))).toBeLessThan(1e-5);
  });

  it('leaves a convolution alone whose bare result is read elsewhere', () => {
    const shared = normalised('Conv', 1);
    shared.graph.output.push(value('c', [1, 6, 5, 4]));
    foldBatchNorm(shared.graph);
    expect(shared.graph.node).toHaveLength(3);
  });
});

describe('initializers', () => {
  it('are taken out of the inputs, which keeps the image', () => {
    const source = normalised('Conv', 1);
    source.graph.input.push(value('w', [6, 4, 2, 2]), value('b', [6]));
    removeInitializersFromInputs(source.graph);
    expect(source.graph.input.map((i) => i.name)).toEqual(['x']);
  });

  it('are made from Constant nodes, with the same result', async () => {
    const before = await run(normalised('Conv', 1), input(), 'y');
    const source = normalised('Conv', 1);
    const constants = source.graph.initializer.map((t) =>
      node('Constant', [], t.name, [{ name: 'value', type: 4, t: { ...t, name: '' } }]),
    );
    source.graph.initializer = [];
    source.graph.node.unshift(...constants);
    constantsToInitializers(source.graph);
    expect(source.graph.node).toHaveLength(3);
    expect(await run(source, input(), 'y')).toEqual(before);
  });
});

describe('raiseOpset', () => {
  it('raises opset and IR version of known operators', () => {
    const source = normalised('ConvTranspose', 1);
    source.ir_version = 4;
    source.opset_import = [{ version: 9 }];
    raiseOpset(source, 13);
    expect(toNumber(source.opset_import[0]?.version)).toBe(13);
    expect(toNumber(source.ir_version)).toBe(8);
  });

  it('refuses an operator whose meaning may have changed', () => {
    const source = model({ node: [node('Upsample', ['x'], 'y')] }, 9);
    expect(() => {
      raiseOpset(source, 13);
    }).toThrow('no rule for Upsample from opset 9 to 13');
  });
});

describe('takeUint8Rgb', () => {
  const first = () =>
    model({
      node: [
        node('Conv', ['x', 'w'], 'y', [ints('kernel_shape', [3, 3]), ints('pads', [1, 1, 1, 1])]),
      ],
      initializer: [weights('w', [2, 3, 3, 3])],
      input: [value('x', [1, 3, 4, 4])],
      output: [value('y', [1, 2, 4, 4])],
    });
  const pixels = Uint8Array.from({ length: 48 }, (_, i) => (i * 37) % 256);

  it.each(['rgb', 'bgr'] as const)(
    'is what a network trained on %s was fed, borders too',
    async (order) => {
      const mean = [0.485, 0.456, 0.406] as const;
      const std = [0.229, 0.224, 0.225] as const;
      const fed = new Float32Array(48);
      for (let i = 0; i < 48; i++) {
        const channel = Math.floor(i / 16);
        const from = order === 'bgr' ? 2 - channel : channel;
        const raw = pixels[from * 16 + (i % 16)] ?? 0;
        fed[i] = (raw / 255 - (mean[channel] ?? 0)) / (std[channel] ?? 1);
      }
      const before = await run(first(), { x: floats(fed, [1, 3, 4, 4]) }, 'y');
      const converted = first();
      takeUint8Rgb(converted.graph, { divisor: 255, mean: [...mean], std: [...std], order });
      const feed = { x: new Tensor('uint8', pixels, [1, 3, 4, 4]) };
      expect(largestDifference(before, await run(converted, feed, 'y'))).toBeLessThan(1e-4);
    },
  );

  it('refuses a graph whose image meets something other than one convolution', () => {
    const source = first();
    source.graph.node.push(node('Relu', ['x'], 'z'));
    expect(() => {
      takeUint8Rgb(source.graph, { divisor: 1, mean: [0, 0, 0], std: [1, 1, 1], order: 'rgb' });
    }).toThrow('expected one Conv on the input x');
  });
});

describe('setInterface', () => {
  it('renames, opens the size and drops what no listed output needs', async () => {
    const source = normalised('Conv', 1);
    source.graph.node.push(node('Sigmoid', ['c'], 'unused'));
    source.graph.output.push(value('unused', [1, 6, 5, 4]));
    setInterface(source.graph, {
      input: { name: 'image', shape: ['batch', 4, 'height', 'width'] },
      outputs: [{ from: 'y', name: 'map', shape: ['batch', 6, 'rows', 'columns'] }],
    });
    const read = readModel(writeModel(source)).graph;
    expect(read.node.map((n) => n.op_type)).toEqual(['Conv', 'BatchNormalization', 'Relu']);
    const twice = { image: floats(values(2 * 4 * 9 * 8, 1), [2, 4, 9, 8]) };
    expect(await run(source, twice, 'map')).toHaveLength(2 * 6 * 8 * 7);
  });

  it('names an output that is not there', () => {
    expect(() => {
      setInterface(normalised('Conv', 1).graph, {
        input: { name: 'image', shape: [1] },
        outputs: [{ from: 'heat', name: 'map', shape: [1] }],
      });
    }).toThrow('model has no output heat');
  });
});

describe('keepChannels', () => {
  const classes = (group = 1): OnnxModel =>
    model({
      node: [
        node('Conv', ['x', 'w', 'b'], 'c', [
          ints('kernel_shape', [2, 2]),
          { name: 'group', type: 2, i: group },
        ]),
        node('Sigmoid', ['c'], 'y'),
      ],
      initializer: [weights('w', [6, 4 / group, 2, 2]), weights('b', [6], 2)],
      input: [value('x', SIZE)],
      output: [{ name: 'y', type: { tensor_type: { elem_type: 1 } } }],
    });

  it('computes those channels as before, and no others', async () => {
    const all = await run(classes(), input(), 'y');
    const few = classes();
    keepChannels(few.graph, { output: 'y', channels: [4, 1] });
    const area = all.length / 6;
    const wanted = [4, 1].flatMap((at) => [...all.subarray(at * area, (at + 1) * area)]);
    expect([...(await run(few, input(), 'y'))]).toEqual(wanted);
    expect(few.graph.initializer.map(({ dims }) => dims.map(toNumber))).toEqual([
      [2, 4, 2, 2],
      [2],
    ]);
  });

  it('stops where it would change more than that output, or nothing is known of it', () => {
    const shared = classes();
    shared.graph.output.push({ name: 'c', type: { tensor_type: { elem_type: 1 } } });
    const keep = { output: 'y', channels: [0] };
    expect(() => {
      keepChannels(shared.graph, keep);
    }).toThrow('c is needed elsewhere');
    expect(() => {
      keepChannels(classes(2).graph, keep);
    }).toThrow('not by a convolution');
    expect(() => {
      keepChannels(classes().graph, { output: 'y', channels: [6] });
    }).toThrow('y has 6 channels');
  });
});
