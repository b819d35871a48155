import { constant, initializersOf, intAttribute, makeNode } from '../onnx/graph.ts';
import { floatsOf, floatTensor, setFloats, toNumber } from '../onnx/tensor.ts';
import { DataType, type OnnxGraph, type OnnxNode } from '../onnx/schema.ts';

/** How the network was fed in training: y = (x / divisor − mean) / std, per channel in the network's own order. */
export interface Normalisation {
  readonly divisor: number;
  /** In the network's channel order. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  /** Channel order the network was trained on; the converted graph always takes RGB. */
  readonly order: 'rgb' | 'bgr';
}

/**
 * Make the graph take uint8 RGB 0..255, NCHW: callers hand over pixels as they are, four times fewer bytes than float.
 *
 * std, divisor and channel order go into the first convolution's weights. The mean stays a Sub in front of it: folded
 * into the bias it would be wrong at the border, where the padding is zero *after* normalisation.
 */
export function takeUint8Rgb(graph: OnnxGraph, norm: Normalisation): void {
  const input = graph.input[0];
  const tensorType = input?.type?.tensor_type;
  if (!input || !tensorType || graph.input.length !== 1)
    throw new Error('expected one image input');
  const convs = graph.node.filter((node) => node.input.includes(input.name));
  const [conv] = convs;
  if (!conv || convs.length !== 1 || conv.op_type !== 'Conv') {
    throw new Error(`expected one Conv on the input ${input.name}`);
  }
  tensorType.elem_type = DataType.uint8;
  reweigh(graph, conv, norm);
  const cast = makeNode('Cast', [input.name], ['pixels'], [intAttribute('to', DataType.float)]);
  const inserted = [cast];
  let value = 'pixels';
  if (norm.mean.some((mean) => mean !== 0)) {
    const mean = Float32Array.from(toRgb(norm.mean, norm), (m) => m * norm.divisor);
    graph.initializer.push(floatTensor('pixels_mean', [1, 3, 1, 1], mean));
    inserted.push(makeNode('Sub', [value, 'pixels_mean'], ['pixels_centred']));
    value = 'pixels_centred';
  }
  conv.input[0] = value;
  graph.node.unshift(...inserted);
}

function reweigh(graph: OnnxGraph, conv: OnnxNode, norm: Normalisation): void {
  const weight = constant(initializersOf(graph), conv.input[1]);
  const [, channels = 0] = weight.dims.map(toNumber);
  if (channels !== 3) throw new Error(`expected 3 input channels, found ${channels}`);
  const values = floatsOf(weight);
  const kernel = values.length / (toNumber(weight.dims[0]) * 3);
  const scaled = values.map((_, index) => {
    const rgb = Math.floor(index / kernel) % 3;
    const own = norm.order === 'bgr' ? 2 - rgb : rgb;
    return (values[index + (own - rgb) * kernel] ?? 0) / (norm.divisor * (norm.std[own] ?? 1));
  });
  setFloats(weight, scaled);
}

function toRgb(values: readonly number[], norm: Normalisation): number[] {
  return norm.order === 'bgr' ? [...values].reverse() : [...values];
}
