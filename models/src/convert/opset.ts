import { toNumber } from '../onnx/tensor.ts';
import type { OnnxModel } from '../onnx/schema.ts';

/**
 * Operators whose definition is the same from opset 9 to 14 for float tensors with the attributes exporters write:
 * only their accepted types were widened. BatchNormalization 14 renamed inputs and dropped outputs beyond the first in
 * inference mode. Source: the "Version history" of each operator in the ONNX operator reference.
 */
const UNCHANGED = new Set([
  'Add',
  'BatchNormalization',
  'Concat',
  'Conv',
  'ConvTranspose',
  'GlobalAveragePool',
  'MaxPool',
  'Mul',
  'Relu',
  'Sigmoid',
]);

/** QuantizeLinear per axis came with opset 13. */
const OLDEST = 9;
const NEWEST = 14;

/**
 * Raise the default operator set. Refuses operators that are not known to keep their meaning, rather than guess.
 *
 * @param to the wanted opset, 9..14; a model that has it or a newer one stays as it is
 */
export function raiseOpset(model: OnnxModel, to: number): void {
  const entry = model.opset_import.find((opset) => (opset.domain ?? '') === '');
  if (!entry) throw new Error('model declares no default operator set');
  const from = toNumber(entry.version);
  if (from >= to) return;
  if (from < OLDEST || to > NEWEST) throw new Error(`no rule for opset ${from} → ${to}`);
  const unknown = model.graph.node.find(
    (node) => (node.domain ?? '') !== '' || !UNCHANGED.has(node.op_type),
  );
  if (unknown) throw new Error(`no rule for ${unknown.op_type} from opset ${from} to ${to}`);
  entry.version = to;
  // Opsets up to 15 belong to IR 8; older IR numbers would make checkers reject the pair.
  model.ir_version = Math.max(toNumber(model.ir_version), 8);
}
