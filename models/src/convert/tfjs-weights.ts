import { z } from 'zod';

const weightSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.enum(['float32', 'int32']),
  quantization: z.object({ dtype: z.literal('float16') }).optional(),
});

export const weightsManifestSchema = z
  .array(z.object({ weights: z.array(weightSchema) }))
  .length(1, 'expected one group of weights');

type Weight = z.infer<typeof weightSchema>;

export interface TfjsWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/**
 * The weights of a TensorFlow.js model: one after the other in the file, in the manifest's order.
 *
 * @throws Error where the file is shorter or longer than the manifest says
 * @see https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/io_utils.ts
 */
export function readTfjsWeights(
  manifest: z.infer<typeof weightsManifestSchema>,
  file: Uint8Array,
): Map<string, TfjsWeight> {
  const weights = new Map<string, TfjsWeight>();
  let offset = 0;
  for (const weight of manifest.flatMap((group) => group.weights)) {
    const sizeBytes = weight.shape.reduce((a, b) => a * b, 1) * bytesPerValue(weight);
    if (offset + sizeBytes > file.length) {
      throw new Error(`the weights end within ${weight.name}, after ${file.length} bytes`);
    }
    // A copy: what follows wants its own alignment.
    const bytes = new Uint8Array(file.subarray(offset, offset + sizeBytes));
    weights.set(weight.name, { shape: weight.shape, values: valuesOf(weight, bytes.buffer) });
    offset += sizeBytes;
  }
  if (offset !== file.length) {
    throw new Error(`the weights are ${file.length} bytes, the model wants ${offset}`);
  }
  return weights;
}

function bytesPerValue(weight: Weight): number {
  return weight.quantization ? 2 : 4;
}

function valuesOf(weight: Weight, buffer: ArrayBuffer): Float32Array | Int32Array {
  if (weight.quantization) return Float32Array.from(new Uint16Array(buffer), halfToFloat);
  return weight.dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
}

/** IEEE 754 binary16, as its 16 bits, to a number. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}
