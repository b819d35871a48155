import { constant, initializersOf, intAttribute, makeNode } from '../onnx/graph.ts';
import { floatsOf, floatTensor, int32Tensor, int8Tensor, toNumber } from '../onnx/tensor.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/schema.ts';

/**
 * Largest weight. 7 bits, not 8: processors with AVX2 but without VNNI add pairs of uint8·int8 products in 16 bits,
 * 2 · 255 · 64 fits, 2 · 255 · 127 saturates, and a face would be lost on some machines only.
 */
const WEIGHT_MAX = 64;

/**
 * Replace a convolution's weights by int8, one scale per output channel, and its bias by int32 at the scale of the
 * products. Nodes are put first in the graph, where they depend on initializers only.
 *
 * @param inputScale scale of the convolution's uint8 input
 */
export function quantizeWeights(graph: OnnxGraph, conv: OnnxNode, inputScale: number): void {
  const tensors = initializersOf(graph);
  const weight = constant(tensors, conv.input[1]);
  const dims = weight.dims.map(toNumber);
  const values = floatsOf(weight);
  const perChannel = values.length / (dims[0] ?? 1);
  const scales = channelScales(values, perChannel);
  const stored = Int8Array.from(values, (value, index) => {
    return Math.round(value / (scales[Math.floor(index / perChannel)] ?? 1));
  });
  conv.input[1] = dequantized(graph, int8Tensor(`${weight.name}:q`, dims, stored), scales);
  if (conv.input[2] !== undefined) {
    const bias = constant(tensors, conv.input[2]);
    const biasScales = scales.map((scale) => scale * inputScale);
    const rounded = Int32Array.from(floatsOf(bias), (value, c) => {
      return Math.round(value / (biasScales[c] ?? 1));
    });
    const tensor = int32Tensor(`${bias.name}:q`, [rounded.length], rounded);
    conv.input[2] = dequantized(graph, tensor, biasScales);
    drop(graph, bias);
  }
  drop(graph, weight);
}

function channelScales(values: Float32Array, perChannel: number): Float32Array {
  const scales = new Float32Array(values.length / perChannel);
  for (let c = 0; c < scales.length; c++) {
    let largest = 0;
    for (const value of values.subarray(c * perChannel, (c + 1) * perChannel)) {
      largest = Math.max(largest, Math.abs(value));
    }
    // A channel of zeros needs some scale; a tiny one would overflow the bias.
    scales[c] = largest === 0 ? 1 : largest / WEIGHT_MAX;
  }
  return scales;
}

function dequantized(graph: OnnxGraph, tensor: OnnxTensor, scales: Float32Array): string {
  const scale = floatTensor(`${tensor.name}:scale`, [scales.length], scales);
  graph.initializer.push(tensor, scale);
  const output = `${tensor.name}:dq`;
  const inputs = [tensor.name, scale.name];
  graph.node.unshift(makeNode('DequantizeLinear', inputs, [output], [intAttribute('axis', 0)]));
  return output;
}

/** Each convolution of these networks has weights of its own; a shared one would be needed again. */
function drop(graph: OnnxGraph, tensor: OnnxTensor): void {
  graph.initializer = graph.initializer.filter((candidate) => candidate !== tensor);
}
