import { InferenceSession, Tensor } from 'onnxruntime-node';
import { writeModel } from '../../src/onnx/codec.ts';
import { makeNode } from '../../src/onnx/graph.ts';
import { floatTensor } from '../../src/onnx/tensor.ts';
import type {
  OnnxAttribute,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
} from '../../src/onnx/schema.ts';

/** A float value of the graph's boundary. */
export function value(name: string, shape: number[]): OnnxValueInfo {
  const dim = shape.map((size) => ({ dim_value: size }));
  return { name, type: { tensor_type: { elem_type: 1, shape: { dim } } } };
}

export function model(graph: Partial<OnnxGraph>, opset = 13): OnnxModel {
  const empty = { node: [], initializer: [], input: [], output: [], value_info: [] };
  return {
    ir_version: 8,
    graph: { name: 'test', ...empty, ...graph },
    opset_import: [{ domain: '', version: opset }],
  };
}

export function node(
  op: string,
  input: string[],
  output: string,
  attributes: OnnxAttribute[] = [],
): OnnxNode {
  return makeNode(op, input, [output], attributes);
}

/** Numbers in -1..1 that are the same in every run. */
export function values(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898 + seed * 78.233));
}

export function weights(name: string, dims: number[], seed = 1): OnnxTensor {
  const count = dims.reduce((product, size) => product * size, 1);
  return floatTensor(name, dims, values(count, seed));
}

export function ints(name: string, numbers: number[]): OnnxAttribute {
  return { name, type: 7, ints: numbers };
}

/** Run a model once on one thread; the output called `output`. */
export async function run(
  source: OnnxModel | Uint8Array,
  feed: Record<string, Tensor>,
  output: string,
): Promise<Float32Array> {
  const bytes = source instanceof Uint8Array ? source : writeModel(source);
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  try {
    return (await session.run(feed, [output]))[output]?.data as Float32Array;
  } finally {
    await session.release();
  }
}

export function floats(data: Float32Array, dims: number[]): Tensor {
  return new Tensor('float32', data, dims);
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((largest, x, i) => Math.max(largest, Math.abs(x - (b[i] ?? NaN))), 0);
}

export function meanDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + Math.abs(x - (b[i] ?? NaN)), 0) / a.length;
}
