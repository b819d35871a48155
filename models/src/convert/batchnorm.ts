import { attribute, constant, initializersOf, readersOf } from '../onnx/graph.ts';
import { floatsOf, floatTensor, setFloats, toNumber } from '../onnx/tensor.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/schema.ts';

/**
 * Fold each BatchNormalization into the Conv or ConvTranspose before it. onnxruntime does so for Conv only, and the
 * quantiser needs the folded weights.
 *
 * y = γ·(x·W + b − μ)/√(σ²+ε) + β  =  x·(W·s) + ((b − μ)·s + β),  s = γ/√(σ²+ε)
 */
export function foldBatchNorm(graph: OnnxGraph): void {
  const tensors = initializersOf(graph);
  const readers = readersOf(graph);
  const producers = new Map(graph.node.map((node) => [node.output[0], node]));
  const folded = new Set<OnnxNode>();
  for (const norm of graph.node) {
    if (norm.op_type !== 'BatchNormalization') continue;
    const conv = producers.get(norm.input[0]);
    if (!conv || !/^Conv(Transpose)?$/.test(conv.op_type)) continue;
    const shared = [conv.output[0], conv.input[1]].some((name) => readers.get(name ?? '') !== 1);
    if (shared) continue;
    graph.initializer.push(fold(conv, norm, tensors));
    conv.output = norm.output.slice(0, 1);
    folded.add(norm);
  }
  graph.node = graph.node.filter((node) => !folded.has(node));
  const used = readersOf(graph);
  graph.initializer = graph.initializer.filter((tensor) => used.has(tensor.name));
}

/** Rewrites the weights in place; returns the new bias, which the convolution then reads. */
function fold(
  conv: OnnxNode,
  norm: OnnxNode,
  tensors: ReadonlyMap<string, OnnxTensor>,
): OnnxTensor {
  const [gamma, beta, mean, variance] = norm.input
    .slice(1)
    .map((name) => floatsOf(constant(tensors, name)));
  if (!gamma || !beta || !mean || !variance) throw new Error('BatchNormalization: missing inputs');
  const epsilon = attribute(norm, 'epsilon')?.f ?? 1e-5;
  const scale = gamma.map((g, c) => g / Math.sqrt((variance[c] ?? 0) + epsilon));
  const weight = constant(tensors, conv.input[1]);
  setFloats(weight, scaleChannels(weight, scale, conv));
  const old = conv.input[2] ? floatsOf(constant(tensors, conv.input[2])) : undefined;
  const bias = scale.map((s, c) => ((old?.[c] ?? 0) - (mean[c] ?? 0)) * s + (beta[c] ?? 0));
  const name = `${weight.name}:folded_bias`;
  conv.input = [conv.input[0] ?? '', weight.name, name];
  return floatTensor(name, [bias.length], bias);
}

/** Conv weights are [out, in/group, …]; ConvTranspose weights are [in, out/group, …]. */
function scaleChannels(weight: OnnxTensor, scale: Float32Array, conv: OnnxNode): Float32Array {
  const values = floatsOf(weight);
  const group = toNumber(attribute(conv, 'group')?.i ?? 1);
  const [first = 1, second = 1] = weight.dims.map(toNumber);
  const kernel = values.length / (first * second);
  const perGroupIn = first / group;
  return values.map((value, index) => {
    const a = Math.floor(index / (kernel * second));
    const b = Math.floor(index / kernel) % second;
    const out = conv.op_type === 'Conv' ? a : Math.floor(a / perGroupIn) * second + b;
    return value * (scale[out] ?? 1);
  });
}
