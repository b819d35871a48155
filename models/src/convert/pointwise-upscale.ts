import {
  attribute,
  constant,
  initializersOf,
  intAttribute,
  intsAttribute,
  makeNode,
  prune,
  readersOf,
  stringAttribute,
} from '../onnx/graph.ts';
import { floatsOf, floatTensor, toNumber } from '../onnx/tensor.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/schema.ts';

/** What treats each number alike may come before the numbers are put in their places. */
const EACH_ALIKE = new Set(['Relu', 'Sigmoid']);

/**
 * A ConvTranspose whose kernel is its stride makes each pixel a square of pixels, from that pixel alone. So it is a 1×1
 * convolution that makes all pixels of the square as channels, and a DepthToSpace; of several in a row all but the last
 * square need never be laid out. onnxruntime has no fast ConvTranspose, neither natively nor in WebAssembly.
 */
export function upscalePointwise(graph: OnnxGraph): void {
  const first = graph.node.find((node) => strideOf(node) !== undefined);
  if (!first) throw new Error('found no ConvTranspose with a kernel of its stride');
  const readers = readersOf(graph);
  const tensors = initializersOf(graph);
  const chain: OnnxNode[] = [];
  const replaced = new Set<OnnxNode>();
  let square = 1;
  for (let node: OnnxNode | undefined = first; node; node = onlyReader(graph, node, readers)) {
    const stride = strideOf(node);
    if (stride === undefined && !EACH_ALIKE.has(node.op_type)) break;
    replaced.add(node);
    if (stride === undefined) chain.push(node);
    else {
      chain.push(pointwise(graph, tensors, { node, stride, square }));
      square *= stride;
    }
  }
  const last = chain.at(-1);
  const name = last?.output[0] ?? '';
  if (last) last.output = [`${name}:stacked`];
  const attributes = [intAttribute('blocksize', square), stringAttribute('mode', 'DCR')];
  const layOut = makeNode('DepthToSpace', [`${name}:stacked`], [name], attributes);
  graph.node = graph.node.flatMap((node) => {
    if (node === first) return [...chain, layOut];
    return replaced.has(node) ? [] : [node];
  });
  prune(graph);
}

/** Its stride, where it is a ConvTranspose without overlap, padding and groups. */
function strideOf(node: OnnxNode): number | undefined {
  if (node.op_type !== 'ConvTranspose') return undefined;
  const numbers = (name: string): number[] => (attribute(node, name)?.ints ?? []).map(toNumber);
  const [high, wide] = numbers('strides');
  const kernel = numbers('kernel_shape');
  const isPlain =
    toNumber(attribute(node, 'group')?.i ?? 1) === 1 &&
    [...numbers('pads'), ...numbers('output_padding')].every((pad) => pad === 0) &&
    numbers('dilations').every((dilation) => dilation === 1);
  const isSquare = high === wide && kernel[0] === high && kernel[1] === wide;
  return isPlain && isSquare ? high : undefined;
}

function onlyReader(
  graph: OnnxGraph,
  node: OnnxNode,
  readers: ReadonlyMap<string, number>,
): OnnxNode | undefined {
  const name = node.output[0] ?? '';
  if (readers.get(name) !== 1) return undefined;
  return graph.node.find((reader) => reader.input[0] === name);
}

/**
 * The 1×1 convolution of a ConvTranspose on channels that are the pixels of squares of side
 * `square`: channel (y · square + x) · channels + c.
 */
function pointwise(
  graph: OnnxGraph,
  tensors: ReadonlyMap<string, OnnxTensor>,
  { node, stride, square }: { node: OnnxNode; stride: number; square: number },
): OnnxNode {
  const weight = constant(tensors, node.input[1]);
  const values = floatsOf(weight);
  const [inputs = 0, outputs = 0] = weight.dims.map(toNumber);
  const side = square * stride;
  const columns = inputs * square * square;
  const rows = outputs * side * side;
  const matrix = new Float32Array(rows * columns);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = Math.floor(y / stride) * square + Math.floor(x / stride);
      const tap = (y % stride) * stride + (x % stride);
      for (let output = 0; output < outputs; output++) {
        const row = ((y * side + x) * outputs + output) * columns + from * inputs;
        for (let input = 0; input < inputs; input++) {
          matrix[row + input] = values[(input * outputs + output) * stride * stride + tap] ?? NaN;
        }
      }
    }
  }
  const names = { weight: `${weight.name}:pointwise`, bias: `${weight.name}:pointwise_bias` };
  graph.initializer.push(floatTensor(names.weight, [rows, columns, 1, 1], matrix));
  const input = [node.input[0] ?? '', names.weight];
  if (node.input[2] !== undefined) {
    const bias = floatsOf(constant(tensors, node.input[2]));
    const repeated = Float32Array.from({ length: rows }, (_, row) => bias[row % outputs] ?? NaN);
    graph.initializer.push(floatTensor(names.bias, [rows], repeated));
    input.push(names.bias);
  }
  return makeNode('Conv', input, node.output, [intsAttribute('kernel_shape', [1, 1])]);
}
