import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { readModel, writeModel } from '../src/onnx/codec.ts';
import { floatsOf, toNumber } from '../src/onnx/tensor.ts';
import { ints, model, node, value, weights } from './support/build.ts';

const small = () =>
  model({
    node: [node('Conv', ['x', 'w'], 'y', [ints('pads', [1, 1, 1, 1])])],
    initializer: [weights('w', [2, 3, 3, 3])],
    input: [value('x', [1, 3, 8, 8])],
    output: [value('y', [1, 2, 8, 8])],
  });

describe('the ONNX codec', () => {
  it('reads back what it wrote', () => {
    const { graph } = readModel(writeModel(small()));
    expect(graph.node.map((n) => [n.op_type, n.input, n.output])).toEqual([
      ['Conv', ['x', 'w'], ['y']],
    ]);
    expect(graph.node[0]?.attribute[0]?.ints?.map(toNumber)).toEqual([1, 1, 1, 1]);
    expect(graph.initializer[0]?.dims.map(toNumber)).toEqual([2, 3, 3, 3]);
  });

  it('gives the same bytes for the same model', () => {
    const bytes = writeModel(small());
    expect(writeModel(readModel(bytes))).toEqual(bytes);
  });

  it('keeps fields that it does not know, at every level', () => {
    // ModelProto.producer_name (2) and metadata_props (14), NodeProto.doc_string (6).
    const unknown = protobuf.Writer.create()
      .uint32((2 << 3) | 2)
      .string('a producer');
    unknown.uint32((14 << 3) | 2).bytes(Uint8Array.of(10, 1, 107, 18, 1, 118));
    const doc = protobuf.Writer.create()
      .uint32((6 << 3) | 2)
      .string('a note')
      .finish();
    const source = small();
    Object.assign(source.graph.node[0] ?? {}, { $unknowns: [doc] });
    const bytes = Buffer.concat([writeModel(source), unknown.finish()]);
    const again = Buffer.from(writeModel(readModel(bytes)));
    expect(again.includes('a producer')).toBe(true);
    expect(again.includes('a note')).toBe(true);
    expect(again).toHaveLength(bytes.length);
  });

  it('keeps the largest int64, which exporters write for "to the end"', () => {
    const source = small();
    const end = { low: -1, high: 0x7fffffff, unsigned: false, toNumber: () => 2 ** 63 };
    source.graph.node[0]?.attribute.push({ name: 'ends', type: 7, ints: [end] });
    const bytes = writeModel(source);
    expect(writeModel(readModel(bytes))).toEqual(bytes);
    expect(Buffer.from(bytes).includes(Buffer.from('ffffffffffffffff7f', 'hex'))).toBe(true);
  });

  it('reads weights that are stored as a list of floats', () => {
    const tensor = { name: 'w', dims: [2], data_type: 1, float_data: [0.5, -2] };
    expect(floatsOf(tensor)).toEqual(Float32Array.of(0.5, -2));
  });

  it.each([
    ['no protobuf', Buffer.from('not a model, but text')],
    ['no bytes', Buffer.alloc(0)],
    ['a truncated file', writeModel(small()).subarray(0, 60)],
  ])('refuses %s', (_, bytes) => {
    expect(() => readModel(bytes)).toThrow(Error);
  });
});
