import { Builder, ByteBuffer } from 'flatbuffers';

/** How an input's bytes become numbers: (value − mean) / std. */
export interface Normalization {
  readonly mean: number;
  readonly std: number;
}

/** Memory of a model may be mapped as it is: tensors' bytes keep their place in steps of this. */
const ALIGNMENT_BYTES = 64;

/** Places of the fields in table Model of tensorflow/lite/schema/schema.fbs (file identifier TFL3). */
const FIELD = { version: 0, buffers: 4, metadata: 6 } as const;
/** All fields of Model that are offsets. */
const OFFSET_FIELDS = [1, 2, 3, 4, 5, 6, 7];
const MODEL_FIELDS = 8;

/**
 * Adds the metadata to a TensorFlow Lite model that MediaPipe Tasks asks for: that its input is RGB
 * and how it is normalized. The model's own bytes stay as they are, behind a new head: offsets of
 * a flatbuffer only ever point forward.
 *
 * @throws TypeError where the file is no TensorFlow Lite model
 */
export function addTfliteMetadata(model: Uint8Array, normalization: Normalization): Uint8Array {
  const old = new OldModel(model);
  const builder = new Builder(model.length + 8192);
  const padded = Math.ceil(model.length / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  const bytes = new Uint8Array(padded);
  bytes.set(model);
  builder.prep(ALIGNMENT_BYTES, padded);
  builder.createByteVector(bytes);
  // A builder writes from the end to the beginning and counts from the end.
  const place = (position: number): number => padded - position;

  const blob = metadataBlob(normalization);
  builder.startVector(1, blob.length, 16);
  for (const byte of [...blob].reverse()) builder.addInt8(byte);
  const data = builder.endVector();
  builder.startObject(1);
  builder.addFieldOffset(0, data, 0);
  const buffer = builder.endObject();

  const buffers = old.vector(FIELD.buffers);
  const name = builder.createString('TFLITE_METADATA');
  builder.startObject(2);
  builder.addFieldOffset(0, name, 0);
  builder.addFieldInt32(1, buffers.length, 0);
  const entry = builder.endObject();

  const allBuffers = offsets(builder, [...buffers.map(place), buffer]);
  const allMetadata = offsets(builder, [...old.vector(FIELD.metadata).map(place), entry]);
  builder.startObject(MODEL_FIELDS);
  builder.addFieldInt32(FIELD.version, old.version, 0);
  for (const field of OFFSET_FIELDS) {
    const target = old.target(field);
    if (field === FIELD.buffers) builder.addFieldOffset(field, allBuffers, 0);
    else if (field === FIELD.metadata) builder.addFieldOffset(field, allMetadata, 0);
    else if (target !== undefined) builder.addFieldOffset(field, place(target), 0);
  }
  builder.finish(builder.endObject(), 'TFL3');
  return builder.asUint8Array();
}

/** The root table of a model, read by its layout. */
class OldModel {
  readonly #bytes: ByteBuffer;
  readonly #root: number;

  constructor(model: Uint8Array) {
    this.#bytes = new ByteBuffer(model);
    if (model.length < 8 || !this.#bytes.__has_identifier('TFL3')) {
      throw new TypeError('this is no TensorFlow Lite model');
    }
    this.#root = this.#bytes.readInt32(0);
  }

  get version(): number {
    const field = this.#field(FIELD.version);
    return field === undefined ? 0 : this.#bytes.readInt32(field);
  }

  /** Position of what a field refers to; undefined where it is left out. */
  target(field: number): number | undefined {
    const at = this.#field(field);
    return at === undefined ? undefined : at + this.#bytes.readInt32(at);
  }

  /** Positions of a vector's tables. */
  vector(field: number): number[] {
    const at = this.target(field);
    if (at === undefined) return [];
    return Array.from({ length: this.#bytes.readInt32(at) }, (_, index) => {
      const entry = at + 4 + 4 * index;
      return entry + this.#bytes.readInt32(entry);
    });
  }

  #field(field: number): number | undefined {
    const offset = this.#bytes.__offset(this.#root, 4 + 2 * field);
    return offset === 0 ? undefined : this.#root + offset;
  }
}

/**
 * ModelMetadata of tensorflow/lite/support/metadata/metadata_schema.fbs (file identifier M001): one
 * RGB image in, box regressors and scores out.
 */
function metadataBlob({ mean, std }: Normalization): Uint8Array {
  const builder = new Builder(512);
  const numbers = (value: number): number => {
    builder.startVector(4, 1, 4);
    builder.addFloat32(value);
    return builder.endVector();
  };
  const [means, stds] = [numbers(mean), numbers(std)];
  // NormalizationOptions { mean, std }
  builder.startObject(2);
  builder.addFieldOffset(0, means, 0);
  builder.addFieldOffset(1, stds, 0);
  const options = builder.endObject();
  // ProcessUnit { options: union; 1 is NormalizationOptions }
  builder.startObject(2);
  builder.addFieldInt8(0, 1, 0);
  builder.addFieldOffset(1, options, 0);
  const units = offsets(builder, [builder.endObject()]);
  // ImageProperties { color_space: 1 is RGB }
  builder.startObject(1);
  builder.addFieldInt8(0, 1, 0);
  const image = builder.endObject();
  // Content { content_properties: union; 2 is ImageProperties }
  builder.startObject(3);
  builder.addFieldInt8(0, 2, 0);
  builder.addFieldOffset(1, image, 0);
  const content = builder.endObject();
  const input = tensor(builder, 'image', [
    [3, content],
    [4, units],
  ]);
  const inputs = offsets(builder, [input]);
  const outputs = offsets(
    builder,
    ['regressors', 'classificators'].map((name) => tensor(builder, name, [])),
  );
  // SubGraphMetadata { …, 2: input_tensor_metadata, 3: output_tensor_metadata }
  builder.startObject(10);
  builder.addFieldOffset(2, inputs, 0);
  builder.addFieldOffset(3, outputs, 0);
  const graphs = offsets(builder, [builder.endObject()]);
  const name = builder.createString('face detector');
  const parser = builder.createString('1.0.0');
  // ModelMetadata { 0: name, 3: subgraph_metadata, 7: min_parser_version }
  builder.startObject(8);
  builder.addFieldOffset(0, name, 0);
  builder.addFieldOffset(3, graphs, 0);
  builder.addFieldOffset(7, parser, 0);
  builder.finish(builder.endObject(), 'M001');
  return builder.asUint8Array();
}

/** TensorMetadata { 0: name, 3: content, 4: process_units } */
function tensor(
  builder: Builder,
  name: string,
  fields: readonly (readonly [field: number, offset: number])[],
): number {
  const label = builder.createString(name);
  builder.startObject(7);
  builder.addFieldOffset(0, label, 0);
  for (const [field, offset] of fields) builder.addFieldOffset(field, offset, 0);
  return builder.endObject();
}

function offsets(builder: Builder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addOffset(value);
  return builder.endVector();
}
