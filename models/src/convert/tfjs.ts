import { z } from 'zod';
import { intAttribute, intsAttribute, makeNode, stringAttribute } from '../onnx/graph.ts';
import { DataType, type OnnxAttribute, type OnnxGraph, type OnnxModel } from '../onnx/schema.ts';
import { floatTensor } from '../onnx/tensor.ts';
import { readTfjsWeights, weightsManifestSchema, type TfjsWeight } from './tfjs-weights.ts';

const intList = z.object({ list: z.object({ i: z.array(z.coerce.number()) }) });
const flag = z.object({ b: z.boolean() }).optional();
const nodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z
    .object({
      strides: intList.optional(),
      padding: z.object({ s: z.string() }).optional(),
      fused_ops: z.object({ list: z.object({ s: z.array(z.string()).optional() }) }).optional(),
      keep_dims: flag,
      align_corners: flag,
      half_pixel_centers: flag,
      shape: z
        .object({ shape: z.object({ dim: z.array(z.object({ size: z.coerce.number() })) }) })
        .optional(),
    })
    .default({}),
});
const modelSchema = z.object({
  modelTopology: z.object({ node: z.array(nodeSchema) }),
  weightsManifest: weightsManifestSchema,
});

type TfNode = z.infer<typeof nodeSchema>;

const OPSET = 13;
const IR_VERSION = 8;

/**
 * A TensorFlow.js graph model as ONNX: pictures NHWC there, NCHW here. Knows the operators of convolutional detectors
 * and stops at any other. The input keeps a free size; what is resized in the graph keeps its ratio.
 *
 * @param json the model's `model.json`
 * @param weights its one file of weights
 * @param outputs names of the values to keep; nodes that none of them needs are left out
 * @throws Error naming the node that has no counterpart
 */
export function fromTfjs(
  json: Uint8Array,
  weights: Uint8Array,
  outputs: readonly string[],
): OnnxModel {
  const model = modelSchema.parse(JSON.parse(Buffer.from(json).toString('utf8')));
  const translation = new Translation(
    model.modelTopology.node,
    readTfjsWeights(model.weightsManifest, weights),
  );
  for (const output of outputs) translation.value(output);
  return {
    ir_version: IR_VERSION,
    opset_import: [{ domain: '', version: OPSET }],
    graph: { ...translation.graph, output: outputs.map((name) => ({ name })) },
  };
}

/** Walks from the outputs to the input and writes each node once, after those that it needs. */
class Translation {
  readonly graph: OnnxGraph = {
    name: 'tfjs',
    node: [],
    initializer: [],
    input: [],
    output: [],
    value_info: [],
  };
  readonly #nodes: ReadonlyMap<string, TfNode>;
  readonly #weights: ReadonlyMap<string, TfjsWeight>;
  /** Height of each value where the input has its declared size: what resizing needs for a ratio. */
  readonly #heights = new Map<string, number>();

  constructor(nodes: readonly TfNode[], weights: ReadonlyMap<string, TfjsWeight>) {
    this.#nodes = new Map(nodes.map((node) => [node.name, node]));
    this.#weights = weights;
  }

  /** The ONNX value of a node's result, written on first use. */
  value(name: string): string {
    if (this.#heights.has(name)) return name;
    const node = this.#nodes.get(name);
    if (!node) throw new Error(`the model has no node ${name}`);
    this.#heights.set(name, this.#write(node));
    return name;
  }

  #write(node: TfNode): number {
    const [first = ''] = node.input;
    switch (node.op) {
      case 'Placeholder':
        this.graph.input.push({
          name: node.name,
          type: { tensor_type: { elem_type: DataType.float } },
        });
        return node.attr.shape?.shape.dim[1]?.size ?? 0;
      case 'Const': {
        const { values } = this.#weight(node.name);
        if (values.length !== 1 || values instanceof Int32Array) {
          throw new Error(`${node.name}: expected one number`);
        }
        this.graph.initializer.push(floatTensor(node.name, [], values));
        return 0;
      }
      case '_FusedConv2D':
      case 'Conv2D':
      case 'FusedDepthwiseConv2dNative':
      case 'DepthwiseConv2dNative':
        return this.#convolution(node);
      case 'Add':
      case 'Mul':
        this.#push(node.op, node, node.input);
        return Math.max(...node.input.map((name) => this.#heights.get(name) ?? 0));
      case 'Relu':
      case 'Sigmoid':
      case 'Identity':
        this.#push(node.op, node, [first]);
        return this.#height(first);
      case 'Relu6':
        return this.#relu6(node, first);
      case 'Mean': {
        if (!node.attr.keep_dims?.b) throw new Error(`${node.name}: expected keep_dims`);
        this.#same(node, [1, 2]);
        const attributes = [intsAttribute('axes', [2, 3]), intAttribute('keepdims', 1)];
        this.#push('ReduceMean', node, [first], attributes);
        return 1;
      }
      case 'ConcatV2':
        this.#same(node, [3]);
        this.#push('Concat', node, node.input.slice(0, -1), [intAttribute('axis', 1)]);
        return this.#height(first);
      case 'ResizeBilinear':
        return this.#resize(node, first);
      default:
        throw new Error(`${node.name}: no counterpart for the operator ${node.op}`);
    }
  }

  #convolution(node: TfNode): number {
    const [first = '', weightName = '', biasName] = node.input;
    const depthwise = node.op.includes('Depthwise');
    const { shape, values } = this.#weight(weightName);
    const [height = 0, width = 0, input = 0, last = 0] = shape;
    const results = depthwise ? input * last : last;
    const perResult = depthwise ? 1 : input;
    const kernel = new Float32Array(values.length);
    // [height, width, input, result] there, [result, input, height, width] here; depthwise likewise, one input each.
    for (let at = 0; at < values.length; at++) {
      const result = depthwise ? at % (input * last) : at % last;
      const from = depthwise ? 0 : Math.floor(at / last) % input;
      const place = Math.floor(at / (input * last));
      kernel[(result * perResult + from) * height * width + place] = values[at] ?? 0;
    }
    this.graph.initializer.push(
      floatTensor(weightName, [results, perResult, height, width], kernel),
    );
    const inputs = [this.value(first), weightName];
    if (biasName !== undefined) {
      const bias = Float32Array.from(this.#weight(biasName).values);
      this.graph.initializer.push(floatTensor(biasName, [results], bias));
      inputs.push(biasName);
    }
    const stride = node.attr.strides?.list.i[1] ?? 1;
    const padding = fromBase64(node.attr.padding?.s ?? '');
    const attributes = [
      intsAttribute('kernel_shape', [height, width]),
      intsAttribute('strides', [stride, stride]),
      stringAttribute('auto_pad', padding === 'SAME' ? 'SAME_UPPER' : 'VALID'),
      intAttribute('group', depthwise ? input : 1),
    ];
    const fused = (node.attr.fused_ops?.list.s ?? []).map(fromBase64);
    const [activation, ...others] = fused.filter((op) => op !== 'BiasAdd');
    if (others.length > 0 || (activation !== undefined && activation !== 'Relu')) {
      throw new Error(`${node.name}: no counterpart for ${fused.join(' + ')}`);
    }
    const name = activation ? `${node.name}:linear` : node.name;
    this.graph.node.push(makeNode('Conv', inputs, [name], attributes));
    if (activation) this.graph.node.push(makeNode('Relu', [name], [node.name]));
    return Math.ceil(this.#height(first) / stride);
  }

  #relu6(node: TfNode, first: string): number {
    const limits = [`${node.name}:min`, `${node.name}:max`] as const;
    this.graph.initializer.push(
      floatTensor(limits[0], [], Float32Array.of(0)),
      floatTensor(limits[1], [], Float32Array.of(6)),
    );
    this.graph.node.push(makeNode('Clip', [this.value(first), ...limits], [node.name]));
    return this.#height(first);
  }

  #resize(node: TfNode, first: string): number {
    if (node.attr.align_corners?.b || node.attr.half_pixel_centers?.b) {
      throw new Error(`${node.name}: expected pixels without an offset`);
    }
    const input = this.value(first);
    const target = this.#weight(node.input[1] ?? '').values[0] ?? 0;
    const ratio = target / this.#height(first);
    const scales = `${node.name}:scales`;
    this.graph.initializer.push(floatTensor(scales, [4], Float32Array.of(1, 1, ratio, ratio)));
    const attributes = [
      stringAttribute('mode', 'linear'),
      stringAttribute('coordinate_transformation_mode', 'asymmetric'),
    ];
    this.graph.node.push(makeNode('Resize', [input, '', scales], [node.name], attributes));
    return target;
  }

  #push(op: string, node: TfNode, inputs: readonly string[], attributes: OnnxAttribute[] = []) {
    const values = inputs.map((name) => this.value(name));
    this.graph.node.push(makeNode(op, values, [node.name], attributes));
  }

  /** The last input is a constant that must be these numbers: another axis has no counterpart here. */
  #same(node: TfNode, wanted: readonly number[]): void {
    const { values } = this.#weight(node.input.at(-1) ?? '');
    if (values.join() !== wanted.join()) {
      throw new Error(`${node.name}: expected the axes ${wanted.join()}, found ${values.join()}`);
    }
  }

  #height(name: string): number {
    const height = this.#heights.get(name);
    if (!height) throw new Error(`${name} is no picture`);
    return height;
  }

  #weight(name: string): TfjsWeight {
    const weight = this.#weights.get(name);
    if (!weight) throw new Error(`expected a constant, found the computed value ${name}`);
    return weight;
  }
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}
