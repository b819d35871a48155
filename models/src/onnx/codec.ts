import protobuf from 'protobufjs';
import { ONNX_PROTO, type OnnxModel } from './schema.ts';

const modelType = protobuf.parse(ONNX_PROTO, { keepCase: true }).root.lookupType('onnx.Model');

/**
 * Parse the bytes of an .onnx file. Fields outside our schema are kept as they are (protobufjs `$unknowns`).
 *
 * @throws Error where the bytes are no protobuf message or hold no graph
 */
export function readModel(bytes: Uint8Array): OnnxModel {
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = false;
  const model = modelType.decode(reader) as unknown as Partial<OnnxModel>;
  if (!model.graph || model.graph.node.length === 0) throw new Error('not an ONNX model: no graph');
  return model as OnnxModel;
}

/** The bytes of an .onnx file; the same model always gives the same bytes. */
export function writeModel(model: OnnxModel): Uint8Array {
  return modelType.encode(model).finish();
}
