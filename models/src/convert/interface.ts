import { prune } from '../onnx/graph.ts';
import { DataType, type OnnxDimension, type OnnxGraph } from '../onnx/schema.ts';

/** A number fixes the size; a name leaves it to the caller. */
export type Dimension = number | string;

/**
 * Give the graph's input and outputs stable names and declared shapes. Outputs that are not listed are removed with all
 * that only they needed. Stale shape hints inside the graph (exporters trace one size) are dropped.
 */
export function setInterface(
  graph: OnnxGraph,
  wanted: {
    input: { name: string; shape: readonly Dimension[] };
    outputs: readonly { from: string; name: string; shape: readonly Dimension[] }[];
  },
): void {
  const input = graph.input[0];
  if (!input || graph.input.length !== 1) throw new Error('expected exactly one input');
  rename(graph, input.name, wanted.input.name);
  input.name = wanted.input.name;
  const elementType = input.type?.tensor_type?.elem_type ?? DataType.float;
  input.type = tensorType(elementType, wanted.input.shape);
  graph.output = wanted.outputs.map(({ from, name, shape }) => {
    const output = graph.output.find((candidate) => candidate.name === from);
    if (!output) throw new Error(`model has no output ${from}`);
    rename(graph, from, name);
    return { ...output, name, type: tensorType(DataType.float, shape) };
  });
  graph.value_info = [];
  prune(graph);
}

function rename(graph: OnnxGraph, from: string, to: string): void {
  for (const node of graph.node) {
    node.input = node.input.map((name) => (name === from ? to : name));
    node.output = node.output.map((name) => (name === from ? to : name));
  }
}

function tensorType(elementType: number, shape: readonly Dimension[]) {
  const dim = shape.map((size): OnnxDimension => {
    return typeof size === 'number' ? { dim_value: size } : { dim_param: size };
  });
  return { tensor_type: { elem_type: elementType, shape: { dim } } };
}
