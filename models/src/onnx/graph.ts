import { AttributeType, type OnnxAttribute, type OnnxGraph, type OnnxNode } from './schema.ts';
import type { OnnxTensor } from './schema.ts';

/** Initializers by name. */
export function initializersOf(graph: OnnxGraph): Map<string, OnnxTensor> {
  return new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
}

/** The graph's initializer of that name; a converter that needs a constant and meets a computed value must stop. */
export function constant(
  tensors: ReadonlyMap<string, OnnxTensor>,
  name: string | undefined,
): OnnxTensor {
  const tensor = name === undefined ? undefined : tensors.get(name);
  if (!tensor) throw new Error(`expected a constant, found the computed value ${name ?? '(none)'}`);
  return tensor;
}

/** How many node inputs and graph outputs read each value. */
export function readersOf(graph: OnnxGraph): Map<string, number> {
  const readers = new Map<string, number>();
  const names = [...graph.node.flatMap((node) => node.input), ...graph.output.map((o) => o.name)];
  for (const name of names) readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}

export function attribute(node: OnnxNode, name: string): OnnxAttribute | undefined {
  return node.attribute.find((candidate) => candidate.name === name);
}

export function makeNode(
  op: string,
  input: string[],
  output: string[],
  attributes: OnnxAttribute[] = [],
): OnnxNode {
  return { op_type: op, input, output, name: `${op}:${output[0] ?? ''}`, attribute: attributes };
}

export function intAttribute(name: string, value: number): OnnxAttribute {
  return { name, type: AttributeType.int, i: value };
}

export function intsAttribute(name: string, values: number[]): OnnxAttribute {
  return { name, type: AttributeType.ints, ints: values };
}

export function stringAttribute(name: string, value: string): OnnxAttribute {
  return { name, type: AttributeType.string, s: Buffer.from(value, 'latin1') };
}

/** Drop nodes and initializers that no output depends on. */
export function prune(graph: OnnxGraph): void {
  const needed = new Set(graph.output.map((output) => output.name));
  // Nodes are in topological order (the specification demands it): one backward walk is enough.
  graph.node = graph.node
    .reverse()
    .filter((node) => {
      if (!node.output.some((name) => needed.has(name))) return false;
      for (const name of node.input) needed.add(name);
      return true;
    })
    .reverse();
  graph.initializer = graph.initializer.filter((tensor) => needed.has(tensor.name));
}
