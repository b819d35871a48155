import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../src/calibrate.ts';
import { quantize, quantizedTensors } from '../src/convert/quantize.ts';
import { takeUint8Rgb } from '../src/convert/uint8-input.ts';
import { readModel, writeModel } from '../src/onnx/codec.ts';
import { intAttribute, stringAttribute } from '../src/onnx/graph.ts';
import { floatsOf, floatTensor } from '../src/onnx/tensor.ts';
import type { OnnxModel } from '../src/onnx/schema.ts';
import {
  ints,
  largestDifference,
  meanDifference,
  model,
  node,
  run,
  value,
  weights,
} from './support/build.ts';

const PADDED = [ints('kernel_shape', [3, 3]), ints('pads', [1, 1, 1, 1])];

/** Two convolutions, an addition of their results, and a head, as in CenterFace. */
function network(): OnnxModel {
  const source = model({
    node: [
      node('Conv', ['x', 'w1', 'b1'], 'c1', PADDED),
      node('Relu', ['c1'], 'r1'),
      node('Conv', ['r1', 'w2', 'b2'], 'c2', PADDED),
      node('Add', ['r1', 'c2'], 'sum'),
      node('Conv', ['sum', 'w3'], 'logit', PADDED),
    ],
    initializer: [
      weights('w1', [8, 3, 3, 3], 1),
      weights('b1', [8], 2),
      weights('w2', [8, 8, 3, 3], 3),
      weights('b2', [8], 4),
      weights('w3', [1, 8, 3, 3], 5),
    ],
    input: [value('x', [1, 3, 16, 16])],
    output: [value('logit', [1, 1, 16, 16])],
  });
  takeUint8Rgb(source.graph, { divisor: 255, mean: [0, 0, 0], std: [1, 1, 1], order: 'rgb' });
  return source;
}

const picture = (seed: number) =>
  Uint8Array.from({ length: 768 }, (_, i) => 128 + 120 * Math.sin(i / (3 + seed) + seed));

async function* pictures() {
  for (const seed of [1, 2, 3, 4]) {
    yield await Promise.resolve({ pixels: picture(seed), widthPx: 16, heightPx: 16 });
  }
}

describe('quantize', () => {
  it('quantises what the inner layers read and write, and leaves the head float', () => {
    expect(quantizedTensors(network().graph).sort()).toEqual(['c2', 'pixels', 'r1', 'sum']);
  });

  it('leaves float what it is told to', () => {
    const float = ['c1', 'sum'];
    expect(quantizedTensors(network().graph, { float }).sort()).toEqual(['c2', 'r1']);
  });

  it('stays close to the float network within the range it was calibrated on', async () => {
    const ranges = await calibrate(writeModel(network()), pictures());
    const stored = network();
    quantize(stored.graph, ranges);
    const feed = { x: new Tensor('uint8', picture(3), [1, 3, 16, 16]) };
    const before = await run(network(), feed, 'logit');
    const span = Math.max(...before) - Math.min(...before);
    const after = await run(stored, feed, 'logit');
    expect(largestDifference(before, after) / span).toBeLessThan(0.1);
    expect(meanDifference(before, after) / span).toBeLessThan(0.02);
  });

  it('holds weights in 7 bits, so that 16-bit sums of two products never saturate', async () => {
    const stored = network();
    quantize(stored.graph, await calibrate(writeModel(network()), pictures()));
    const int8 = readModel(writeModel(stored)).graph.initializer.filter((t) => t.data_type === 3);
    expect(int8).toHaveLength(2);
    for (const { raw_data: raw } of int8) {
      const signed = new Int8Array(Uint8Array.from(raw ?? []).buffer);
      expect(Math.max(...signed.map(Math.abs))).toBe(64);
    }
  });

  describe('of some nodes only', () => {
    /** A pyramid's end: a small map doubled, beside a large one, and a convolution of both. */
    const pyramid = (): OnnxModel => {
      const source = network();
      source.graph.initializer.push(
        floatTensor('twice', [4], Float32Array.of(1, 1, 2, 2)),
        floatTensor('roi', [0], new Float32Array()),
        weights('w4', [1, 16, 3, 3], 6),
        weights('w5', [8, 8, 3, 3], 7),
      );
      source.graph.node.pop();
      source.graph.node.push(
        node('Conv', ['sum', 'w5'], 'small', [...PADDED, ints('strides', [2, 2])]),
        node('Resize', ['small', 'roi', 'twice'], 'doubled', [
          stringAttribute('mode', 'nearest'),
          stringAttribute('coordinate_transformation_mode', 'asymmetric'),
          stringAttribute('nearest_mode', 'floor'),
        ]),
        node('Concat', ['doubled', 'c2'], 'both', [intAttribute('axis', 1)]),
        node('Conv', ['both', 'w4'], 'logit', PADDED),
      );
      return source;
    };
    const only = ['doubled', 'both', 'logit'];

    it('stores alike what is moved, and computes nearly what the float network does', async () => {
      const ranges = await calibrate(writeModel(pyramid()), pictures(), { only });
      expect(Object.keys(ranges).sort()).toEqual(['both', 'c2', 'doubled', 'logit', 'small']);
      const stored = pyramid();
      quantize(stored.graph, ranges, { only });
      const scales = ['small', 'doubled', 'c2', 'both'].map((name) => {
        const scale = stored.graph.initializer.find((tensor) => tensor.name === `${name}:scale`);
        return scale && floatsOf(scale)[0];
      });
      expect(new Set(scales).size).toBe(1);
      expect(scales[0]).toBeGreaterThan(0);
      const feed = { x: new Tensor('uint8', picture(3), [1, 3, 16, 16]) };
      const before = await run(pyramid(), feed, 'logit');
      const span = Math.max(...before) - Math.min(...before);
      expect(meanDifference(before, await run(stored, feed, 'logit')) / span).toBeLessThan(0.02);
    });

    it('names what nothing makes, and what is no convolution, sum or move', () => {
      expect(() => quantizedTensors(pyramid().graph, { only: ['sum', 'gone'] })).toThrow(
        'nothing makes gone',
      );
      expect(() => quantizedTensors(pyramid().graph, { only: ['r1'] })).toThrow(
        'r1 is made by Relu',
      );
    });
  });

  it('names the tensor that the calibration lacks', () => {
    expect(() => {
      quantize(network().graph, { pixels: [0, 255], r1: [0, 1], sum: [-1, 1] });
    }).toThrow('calibration has no range for tensor c2');
  });

  it('gives the same bytes every time', () => {
    const ranges = { pixels: [0, 255], r1: [0, 2], c2: [-1, 3], sum: [-1, 4] } as const;
    const [a, b] = [network(), network()];
    quantize(a.graph, ranges);
    quantize(b.graph, ranges);
    expect(writeModel(a)).toEqual(writeModel(b));
  });
});
