import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ModelError } from './errors.ts';
import { manifestSchema } from './manifest-schema.ts';
import type {
  ConversionStep,
  FaceFusionSetup,
  Manifest,
  ManifestModel,
  ManifestOutput,
} from './manifest-schema.ts';

/** Where the manifest lies; its folder is the base of `project` sources and cards. */
export const MANIFEST_FILE = fileURLToPath(new URL('../manifest.json', import.meta.url));

/** Parse a manifest. @throws ModelError reason `unknown`, naming the field */
export function parseManifest(text: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    const what = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new ModelError('unknown', `models/manifest.json is invalid: ${what}`, { cause });
  }
}

let loaded: Manifest | undefined;

/** The project's manifest, read and validated once per process. */
export function loadManifest(): Manifest {
  return (loaded ??= parseManifest(readFileSync(MANIFEST_FILE, 'utf8')));
}

/** One model of a manifest. @throws ModelError reason `unknown` */
export function findModel(manifest: Manifest, id: string): ManifestModel {
  const model = manifest.models.find((candidate) => candidate.id === id);
  if (model) return model;
  const known = manifest.models.map((candidate) => candidate.id).join(', ');
  throw new ModelError('unknown', `models/manifest.json has no model ${id} (it has: ${known})`);
}

/** One variant of a model; the default one where none is named. @throws ModelError reason `unknown` */
export function findOutput(model: ManifestModel, variant = model.defaultVariant): ManifestOutput {
  const output = model.outputs.find((candidate) => candidate.variant === variant);
  if (output) return output;
  throw new ModelError('unknown', `model ${model.id} has no variant ${variant}`);
}

/** How the judge's verdicts count for one way of looking. @throws ModelError reason `unknown` */
export function findFusion(
  { id, postprocess }: ManifestModel,
  wanted: Pick<FaceFusionSetup, 'detector' | 'effort'>,
): FaceFusionSetup {
  const fusions = postprocess.kind === 'face-judge' ? postprocess.fusions : [];
  const { detector, effort } = wanted;
  const fusion = fusions.find((one) => one.detector === detector && one.effort === effort);
  if (fusion) return fusion;
  throw new ModelError('unknown', `model ${id} has no fusion for ${effort} looks of ${detector}`);
}

/** Every step from the source to the output, those of the variant it is made from first. */
export function stepsOf(model: ManifestModel, output: ManifestOutput): ConversionStep[] {
  if (output.from === undefined) return output.steps;
  const base = findOutput(model, output.from);
  // One level only: a chain could be a circle.
  if (base.from !== undefined) {
    throw new ModelError('unknown', `model ${model.id}: variant ${base.variant} is derived itself`);
  }
  return [...base.steps, ...output.steps];
}
