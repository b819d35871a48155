import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { fromTfjs } from '../src/convert/tfjs.ts';
import { halfToFloat } from '../src/convert/tfjs-weights.ts';
import { writeModel } from '../src/onnx/codec.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const same = { s: base64('SAME') };
const strides = (n: number) => ({ list: { i: ['1', String(n), String(n), '1'] } });

/** A 1×1 convolution from 3 channels to 2 with a stride, Relu6, and twice the size. */
const TOPOLOGY = [
  {
    name: 'image',
    op: 'Placeholder',
    attr: { shape: { shape: { dim: ['1', '4', '4', '3'].map((size) => ({ size })) } } },
  },
  { name: 'w', op: 'Const' },
  { name: 'b', op: 'Const' },
  { name: 'size', op: 'Const' },
  {
    name: 'conv',
    op: '_FusedConv2D',
    input: ['image', 'w', 'b'],
    attr: {
      strides: strides(2),
      padding: same,
      fused_ops: { list: { s: [base64('BiasAdd'), base64('Relu')] } },
    },
  },
  { name: 'limited', op: 'Relu6', input: ['conv'] },
  { name: 'large', op: 'ResizeBilinear', input: ['limited', 'size'] },
  { name: 'odd', op: 'Einsum', input: ['image'] },
];
const WEIGHTS = [
  { name: 'w', shape: [1, 1, 3, 2], dtype: 'float32', quantization: { dtype: 'float16' } },
  { name: 'b', shape: [2], dtype: 'float32' },
  { name: 'size', shape: [2], dtype: 'int32' },
];
// 1, 2, 0.5, -1, 0, 4: weights of channel R, then G, then B, each for both results.
const HALVES = Uint16Array.of(0x3c00, 0x4000, 0x3800, 0xbc00, 0x0000, 0x4400);
const weightFile = Buffer.concat([
  Buffer.from(HALVES.buffer),
  Buffer.from(Float32Array.of(0.25, -1).buffer),
  Buffer.from(Int32Array.of(4, 4).buffer),
]);

const json = (node: unknown[] = TOPOLOGY): Buffer =>
  Buffer.from(JSON.stringify({ modelTopology: { node }, weightsManifest: [{ weights: WEIGHTS }] }));

describe('fromTfjs()', () => {
  it('computes what the TensorFlow.js graph says', async () => {
    const model = fromTfjs(json(), weightFile, ['limited', 'large']);
    const session = await InferenceSession.create(writeModel(model));
    const pixel = (x: number, y: number) => [x + 1, y, x * y];
    const planes = [0, 1, 2].map((channel) =>
      [0, 1, 2, 3].flatMap((y) => [0, 1, 2, 3].map((x) => pixel(x, y)[channel] ?? 0)),
    );
    const image = new Tensor('float32', Float32Array.from(planes.flat()), [1, 3, 4, 4]);
    const { limited, large } = await session.run({ image });
    const expected = (x: number, y: number): [number, number] => {
      const [r = 0, g = 0, b = 0] = pixel(x, y);
      const clamp = (v: number): number => Math.min(6, Math.max(0, v));
      return [clamp(r + 0.5 * g + 0.25), clamp(2 * r - g + 4 * b - 1)];
    };
    const places = [0, 2].flatMap((y) => [0, 2].map((x) => expected(x, y)));
    const wanted = [0, 1].flatMap((result) => places.map((place) => place[result]));
    expect([...((limited?.data ?? []) as Float32Array)]).toEqual(wanted);
    expect(large?.dims).toEqual([1, 2, 4, 4]);
    // Without an offset, every second pixel of the larger one is a pixel of the smaller one.
    expect((large?.data as Float32Array | undefined)?.[2]).toBe(wanted[1]);
  });

  it('names the operator that it does not know', () => {
    expect(() => fromTfjs(json(), weightFile, ['odd'])).toThrow(
      'odd: no counterpart for the operator Einsum',
    );
  });

  it('keeps nothing that no output needs', () => {
    const { graph } = fromTfjs(json(), weightFile, ['conv']);
    expect(graph.node.map((node) => node.op_type)).toEqual(['Conv', 'Relu']);
  });

  it.each([
    ['short', weightFile.subarray(0, 20), 'the weights end within size, after 20 bytes'],
    ['long', Buffer.concat([weightFile, Buffer.alloc(3)]), 'the weights are 31 bytes'],
  ])('refuses a file of weights that is too %s', (_, file, message) => {
    expect(() => fromTfjs(json(), file, ['conv'])).toThrow(message);
  });
});

describe('halfToFloat()', () => {
  it.each([
    [0x0000, 0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x3555, 1365 / 4096],
    [0xc000, -2],
    [0x7bff, 65504],
    [0xfc00, -Infinity],
  ])('reads %i as %d', (bits, value) => {
    expect(halfToFloat(bits)).toBe(value);
  });
});
