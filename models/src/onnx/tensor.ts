import { DataType, type Int64, type OnnxTensor } from './schema.ts';

/** Plain number of an int64 field. Exact up to 2^53, ample for sizes and operator versions. */
export function toNumber(value: Int64 | undefined): number {
  if (value === undefined) return 0;
  return typeof value === 'number' ? value : value.toNumber();
}

/** The values of a float tensor, whichever of the two ways the exporter stored them in. A copy. */
export function floatsOf(tensor: OnnxTensor): Float32Array {
  if (tensor.data_type !== DataType.float) {
    throw new Error(`tensor ${tensor.name}: expected float, found data type ${tensor.data_type}`);
  }
  // A copy, because protobufjs hands out views into the file at any alignment (as Buffer, whose slice() is no copy).
  const raw = tensor.raw_data;
  if (raw && raw.length > 0) return new Float32Array(new Uint8Array(raw).buffer);
  return Float32Array.from(tensor.float_data ?? []);
}

/** Put new float values into a tensor, keeping its name and shape. */
export function setFloats(tensor: OnnxTensor, values: Float32Array): void {
  delete tensor.float_data;
  tensor.raw_data = bytesOf(values);
}

export function floatTensor(name: string, dims: number[], values: Float32Array): OnnxTensor {
  return { name, dims, data_type: DataType.float, raw_data: bytesOf(values) };
}

export function int8Tensor(name: string, dims: number[], values: Int8Array): OnnxTensor {
  return { name, dims, data_type: DataType.int8, raw_data: bytesOf(values) };
}

export function uint8Tensor(name: string, dims: number[], values: Uint8Array): OnnxTensor {
  return { name, dims, data_type: DataType.uint8, raw_data: bytesOf(values) };
}

export function int32Tensor(name: string, dims: number[], values: Int32Array): OnnxTensor {
  return { name, dims, data_type: DataType.int32, raw_data: bytesOf(values) };
}

/** ONNX raw data is little-endian, as is every platform that onnxruntime-node ships for. */
function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}
