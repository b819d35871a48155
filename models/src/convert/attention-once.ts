import { makeNode, readersOf } from '../onnx/graph.ts';
import { floatTensor } from '../onnx/tensor.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/schema.ts';

const ONE = 'attention:one';

/**
 * x + x · s becomes x · (s + 1): of a residual attention's two passes over a large map one is left, and an addition to
 * the few numbers of s.
 */
export function attendOnce(graph: OnnxGraph): void {
  const readers = readersOf(graph);
  const producers = new Map(graph.node.map((node) => [node.output[0], node]));
  const dropped = new Set<OnnxNode>();
  const products = new Map<OnnxNode, OnnxNode[]>();
  for (const add of graph.node) {
    const [x = '', product = ''] = add.input;
    const mul = producers.get(product);
    if (add.op_type !== 'Add' || mul?.op_type !== 'Mul' || mul.input[0] !== x) continue;
    const [, s = ''] = mul.input;
    if (readers.get(product) !== 1 || producers.get(s)?.op_type !== 'HardSigmoid') continue;
    dropped.add(mul);
    products.set(add, [
      makeNode('Add', [s, ONE], [`${s}:plus_one`]),
      makeNode('Mul', [x, `${s}:plus_one`], add.output),
    ]);
  }
  if (products.size === 0) throw new Error('found no x + x · s');
  graph.node = graph.node
    .filter((node) => !dropped.has(node))
    .flatMap((node) => products.get(node) ?? [node]);
  graph.initializer.push(floatTensor(ONE, [1, 1, 1, 1], Float32Array.of(1)));
}
