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

/** What stays float, and what does not. */
export interface QuantizeOptions {
  /** Results of further convolutions and additions that stay float. */
  readonly float?: readonly string[] | undefined;
  /**
   * Results of the only nodes that are quantised, of a network whose other parts are slower so: convolutions, additions,
   * and what lies between them and only moves values (Concat, Resize to the nearest). All convolutions and additions
   * where it is left out.
   */
  readonly only?: readonly string[] | undefined;
}

/**
 * Static quantisation in QDQ form: activations uint8 per tensor, convolution weights int8 per output channel.
 *
 * Convolutions whose result leaves the graph stay float: a heat map near a low threshold needs finer steps than 1/255 of
 * its logit's range. A Relu stays between Conv and QuantizeLinear; onnxruntime drops it, the zero point being 0.
 */
export function quantize(graph: OnnxGraph, ranges: Ranges, options: QuantizeOptions = {}): void {
  const nodes = quantizedNodes(graph, options);
  const shared = sharedRanges(nodes, ranges);
  const params = new Map(
    quantizedTensors(graph, options).map((name) => [name, affine(name, shared)]),
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

/** Names of the tensors that are quantised: what the quantised nodes inside the graph read and write. */
export function quantizedTensors(graph: OnnxGraph, options: QuantizeOptions = {}): string[] {
  const constants = initializersOf(graph);
  const readers = readersOf(graph);
  const names = new Set<string>();
  for (const node of quantizedNodes(graph, options)) {
    for (const name of node.input) if (!constants.has(name)) names.add(name);
    const output = node.output[0] ?? '';
    const relu = graph.node.find((next) => next.op_type === 'Relu' && next.input[0] === output);
    names.add(relu && readers.get(output) === 1 ? (relu.output[0] ?? '') : output);
  }
  return [...names];
}

/** Nodes that move values and compute none. */
const MOVING = /^(Concat|Resize)$/;

function quantizedNodes(graph: OnnxGraph, { float = [], only }: QuantizeOptions): OnnxNode[] {
  if (only) {
    const wanted = graph.node.filter((node) => only.includes(node.output[0] ?? ''));
    const missing = only.find((name) => !wanted.some((node) => node.output[0] === name));
    if (missing !== undefined) throw new Error(`nothing makes ${missing}`);
    const other = wanted.find(({ op_type: op }) => !/^(Conv|Add)$/.test(op) && !MOVING.test(op));
    if (other) throw new Error(`${other.output[0] ?? ''} is made by ${other.op_type}`);
    return wanted;
  }
  const leaving = new Set([...float, ...graph.output.map((output) => output.name)]);
  for (const node of graph.node) {
    const [output = ''] = node.output;
    if (node.op_type === 'Sigmoid' && leaving.has(output)) leaving.add(node.input[0] ?? '');
  }
  return graph.node.filter((node) => {
    return /^(Conv|Add)$/.test(node.op_type) && !leaving.has(node.output[0] ?? '');
  });
}

/** What a node only moves is stored alike before and after it: onnxruntime then moves bytes, and rounds nothing again. */
function sharedRanges(nodes: readonly OnnxNode[], ranges: Ranges): Ranges {
  const shared: Record<string, readonly [number, number]> = { ...ranges };
  const moving = nodes.filter((node) => MOVING.test(node.op_type));
  // One node's result may be the next one's input: each round carries a range one node on.
  for (let round = 0; round < moving.length; round++) {
    for (const { input, output } of moving) {
      const names = [...input, ...output].filter((name) => shared[name]);
      const [lows, highs] = [0, 1].map((end) => names.map((name) => shared[name]?.[end] ?? 0));
      const range = [Math.min(...(lows ?? [])), Math.max(...(highs ?? []))] as const;
      for (const name of names) shared[name] = range;
    }
  }
  return shared;
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
