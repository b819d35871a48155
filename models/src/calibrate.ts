import type { InferenceSession } from 'onnxruntime-node';
import { quantizedTensors, type QuantizeOptions, type Ranges } from './convert/quantize.ts';
import type { PlanarImage } from './images.ts';
import { readModel, writeModel } from './onnx/codec.ts';
import { intAttribute, makeNode } from './onnx/graph.ts';
import { DataType } from './onnx/schema.ts';

/**
 * Range of every tensor that int8 quantisation needs, over the given images.
 *
 * The network computes its own minima and maxima (a ReduceMin and a ReduceMax per tensor), so that no activation has to
 * leave the runtime.
 *
 * @param float32 bytes of the converted fp32 model
 */
export async function calibrate(
  float32: Uint8Array,
  images: AsyncIterable<PlanarImage>,
  options: QuantizeOptions = {},
): Promise<Ranges> {
  const model = readModel(float32);
  const names = quantizedTensors(model.graph, options);
  const { graph } = model;
  for (const name of names) {
    for (const op of ['ReduceMin', 'ReduceMax']) {
      const output = `${op}:${name}`;
      graph.node.push(makeNode(op, [name], [output], [intAttribute('keepdims', 0)]));
      const type = { tensor_type: { elem_type: DataType.float, shape: { dim: [] } } };
      graph.output.push({ name: output, type });
    }
  }
  const runtime = await import('onnxruntime-node');
  const session = await runtime.InferenceSession.create(writeModel(model), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const input = session.inputNames[0] ?? 'image';
  const ranges = new Map<string, [number, number]>();
  for await (const { pixels, widthPx, heightPx } of images) {
    const tensor = new runtime.Tensor('uint8', pixels, [1, 3, heightPx, widthPx]);
    widen(ranges, names, await session.run({ [input]: tensor }));
  }
  return Object.fromEntries(ranges);
}

type Results = InferenceSession.ReturnType;

function widen(ranges: Map<string, [number, number]>, names: string[], results: Results): void {
  for (const name of names) {
    const min = scalar(results, `ReduceMin:${name}`);
    const max = scalar(results, `ReduceMax:${name}`);
    const [low, high] = ranges.get(name) ?? [min, max];
    ranges.set(name, [Math.min(low, min), Math.max(high, max)]);
  }
}

function scalar(results: Results, name: string): number {
  const value = results[name]?.data[0];
  if (typeof value !== 'number') throw new Error(`calibration: no value for ${name}`);
  return value;
}
