import { initializersOf, makeNode, readersOf } from '../onnx/graph.ts';
import { floatTensor, uint8Tensor } from '../onnx/tensor.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/schema.ts';
import { quantizeWeights } from './quantize-weights.ts';

/** Smallest and largest value that each tensor took on the calibration images, by the tensor's name. */
export type Ranges = Readonly<Record<string, readonly [min: number, max: number]>>;

/** real = (stored − zeroPoint) · scale */
export interface Affine {
  scale: number;
  /** 0..255 */
  zeroPoint: number;
}

/**
 * Static quantisation in QDQ form: activations uint8 per tensor, convolution weights int8 per output channel.
 *
 * Convolutions whose result leaves the graph stay float: a heat map near a low threshold needs finer steps than 1/255 of
 * its logit's range. A Relu stays between Conv and QuantizeLinear; onnxruntime drops it, the zero point being 0.
 *
 * @param float results of further convolutions and additions that stay float
 */
export function quantize(graph: OnnxGraph, ranges: Ranges, float: readonly string[] = []): void {
  const nodes = quantizedNodes(graph, float);
  const params = new Map(
    quantizedTensors(graph, float).map((name) => [name, affine(name, ranges)]),
  );
  for (const conv of nodes) {
    if (conv.op_type !== 'Conv') continue;
    const input = params.get(conv.input[0] ?? '');
    if (input) quantizeWeights(graph, conv, input.scale);
  }
  for (const node of graph.node) {
    node.input = node.input.map((name) => (params.has(name) ? `${name}:dq` : name));
  }
  graph.node = graph.node.flatMap((node) => {
    const name = node.output[0] ?? '';
    const param = params.get(name);
    if (!param) return [node];
    const scaleName = `${name}:scale`;
    const zeroName = `${name}:zero`;
    graph.initializer.push(
      floatTensor(scaleName, [], Float32Array.of(param.scale)),
      uint8Tensor(zeroName, [], Uint8Array.of(param.zeroPoint)),
    );
    return [
      node,
      makeNode('QuantizeLinear', [name, scaleName, zeroName], [`${name}:q`]),
      makeNode('DequantizeLinear', [`${name}:q`, scaleName, zeroName], [`${name}:dq`]),
    ];
  });
}

/** Names of the tensors that are quantised: what the convolutions and additions inside the graph read and write. */
export function quantizedTensors(graph: OnnxGraph, float: readonly string[] = []): string[] {
  const constants = initializersOf(graph);
  const readers = readersOf(graph);
  const names = new Set<string>();
  for (const node of quantizedNodes(graph, float)) {
    for (const name of node.input) if (!constants.has(name)) names.add(name);
    const output = node.output[0] ?? '';
    const relu = graph.node.find((next) => next.op_type === 'Relu' && next.input[0] === output);
    names.add(relu && readers.get(output) === 1 ? (relu.output[0] ?? '') : output);
  }
  return [...names];
}

function quantizedNodes(graph: OnnxGraph, float: readonly string[]): OnnxNode[] {
  const leaving = new Set([...float, ...graph.output.map((output) => output.name)]);
  for (const node of graph.node) {
    const [output = ''] = node.output;
    if (node.op_type === 'Sigmoid' && leaving.has(output)) leaving.add(node.input[0] ?? '');
  }
  return graph.node.filter((node) => {
    return /^(Conv|Add)$/.test(node.op_type) && !leaving.has(node.output[0] ?? '');
  });
}

/** Zero is always exact, because padding and Relu produce it. */
function affine(name: string, ranges: Ranges): Affine {
  const range = ranges[name];
  if (!range) throw new Error(`calibration has no range for tensor ${name}`);
  const min = Math.min(0, range[0]);
  const max = Math.max(0, range[1]);
  const scale = Math.fround((max - min) / 255) || 1;
  return { scale, zeroPoint: Math.round(-min / scale) };
}
