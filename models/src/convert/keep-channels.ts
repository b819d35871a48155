import { attribute, constant, initializersOf, prune, readersOf } from '../onnx/graph.ts';
import { floatsOf, floatTensor, toNumber } from '../onnx/tensor.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/schema.ts';

/** What lies between a convolution and its result that treats each channel alike. */
const PER_CHANNEL = new Set(['Sigmoid', 'Relu', 'Identity']);

/**
 * Leaves only these channels of a value, in this order: the convolution that makes it computes no
 * others. For a detector of many classes of which one is wanted.
 *
 * @throws Error where no convolution of one group makes the value, or something else needs the channels
 */
export function keepChannels(
  graph: OnnxGraph,
  { output, channels }: { readonly output: string; readonly channels: readonly number[] },
): void {
  const conv = convolutionOf(graph, output);
  const tensors = initializersOf(graph);
  const [data = '', weightName, biasName] = conv.input;
  const weight = constant(tensors, weightName);
  const [all = 0, ...rest] = weight.dims.map(toNumber);
  if (channels.some((channel) => channel >= all)) throw new Error(`${output} has ${all} channels`);
  const kept = (values: Float32Array): Float32Array => {
    const each = values.length / all;
    return Float32Array.from(
      channels.flatMap((channel) => [...values.subarray(channel * each, (channel + 1) * each)]),
    );
  };
  const names = { weight: `${weight.name}:kept`, bias: `${weight.name}:kept_bias` };
  graph.initializer.push(
    floatTensor(names.weight, [channels.length, ...rest], kept(floatsOf(weight))),
  );
  conv.input = [data, names.weight];
  if (biasName !== undefined) {
    const bias = kept(floatsOf(constant(tensors, biasName)));
    graph.initializer.push(floatTensor(names.bias, [channels.length], bias));
    conv.input.push(names.bias);
  }
  prune(graph);
}

function convolutionOf(graph: OnnxGraph, output: string): OnnxNode {
  const producers = new Map(graph.node.map((node) => [node.output[0], node]));
  const readers = readersOf(graph);
  for (let name = output; ;) {
    const node = producers.get(name);
    if (readers.get(name) !== 1) throw new Error(`${name} is needed elsewhere, too`);
    if (node?.op_type === 'Conv' && toNumber(attribute(node, 'group')?.i ?? 1) === 1) return node;
    if (!node || !PER_CHANNEL.has(node.op_type)) {
      throw new Error(`${name} is made by ${node?.op_type ?? 'nothing'}, not by a convolution`);
    }
    name = node.input[0] ?? '';
  }
}
