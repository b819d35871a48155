import { constant, initializersOf, readersOf } from '../onnx/graph.ts';
import { floatsOf, floatTensor, toNumber } from '../onnx/tensor.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/schema.ts';

/**
 * A constant that is added to each channel of a ConvTranspose becomes its bias: onnxruntime does so for Conv only, and
 * what normalises after it can then be folded too.
 */
export function foldBias(graph: OnnxGraph): void {
  const tensors = initializersOf(graph);
  const readers = readersOf(graph);
  const producers = new Map(graph.node.map((node) => [node.output[0], node]));
  const folded = new Set<OnnxNode>();
  for (const add of graph.node) {
    if (add.op_type !== 'Add') continue;
    const conv = producers.get(add.input[0]);
    const added = tensors.get(add.input[1] ?? '');
    if (conv?.op_type !== 'ConvTranspose' || conv.input[2] !== undefined || !added) continue;
    const weight = constant(tensors, conv.input[1]);
    if (!isPerChannel(added, toNumber(weight.dims[1])) || readers.get(conv.output[0] ?? '') !== 1) {
      continue;
    }
    const bias = floatTensor(`${weight.name}:bias`, [toNumber(weight.dims[1])], floatsOf(added));
    graph.initializer.push(bias);
    conv.input.push(bias.name);
    conv.output = add.output;
    folded.add(add);
  }
  graph.node = graph.node.filter((node) => !folded.has(node));
  const used = readersOf(graph);
  graph.initializer = graph.initializer.filter((tensor) => used.has(tensor.name));
}

/** Of shape [1, channels, 1, 1]. */
function isPerChannel({ dims }: OnnxTensor, channels: number): boolean {
  return (
    dims.length === 4 && dims.every((size, at) => toNumber(size) === (at === 1 ? channels : 1))
  );
}
