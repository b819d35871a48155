import { findModel, findOutput, loadManifest, modelFile, type ManifestModel } from '@drape/models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Network } from '../../core/index.ts';

export interface OpenModel extends Network {
  readonly model: ManifestModel;
}

/** Opens a model of the manifest. @throws ModelError where its weights are not installed */
export async function openModel(
  id: string,
  options: { readonly threads: number; readonly variant?: string },
): Promise<OpenModel> {
  const manifest = loadManifest();
  const model = findModel(manifest, id);
  const variant = options.variant ?? model.defaultVariant;
  const session = await InferenceSession.create(modelFile(id, { variant }), {
    executionProviders: ['cpu'],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Waiting threads would take the cores that decode, paint and encode.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const input = model.inputs[0]?.name ?? 'image';
  return {
    model,
    stamp: { id: `${id} ${variant}`, sha256: findOutput(model, variant).sha256 },
    async run(image, shape) {
      const outputs = await session.run({ [input]: new Tensor('uint8', image, [...shape]) });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => [name, floats(name, tensor)]),
      );
    },
    close: () => session.release(),
  };
}

function floats(name: string, { data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new TypeError(`output ${name} is not float32`);
}
