import path from 'node:path';
import { ModelError } from './errors.ts';
import { findModel, findOutput, loadManifest } from './manifest.ts';
import type { Manifest } from './manifest-schema.ts';
import { CACHE_DIR, type FileState, fileState, readStamp } from './store.ts';

export interface Installation {
  manifest?: Manifest;
  cacheDir?: string;
}

/** What `drape models` and `drape doctor` show of one variant of a model. */
export interface ModelState {
  id: string;
  title: string;
  use: string;
  variant: string;
  /** Used unless another variant is asked for. */
  isDefault: boolean;
  state: FileState;
  /** Absolute path, whether there or not. */
  file: string;
  /** `registry package version`, or the file in the project. */
  source: string;
  licence: string;
  sha256: string;
  /** Path of the model card from the project's root. */
  card: string;
}

/** State of every model. `verify` hashes every file instead of trusting size and time. */
export function modelsState(options: Installation & { verify?: boolean } = {}): ModelState[] {
  const { manifest = loadManifest(), cacheDir = CACHE_DIR, verify = false } = options;
  const stamp = readStamp(cacheDir);
  return manifest.models.flatMap((model) =>
    model.outputs.map((output) => ({
      id: model.id,
      title: model.title,
      use: model.use,
      variant: output.variant,
      isDefault: output.variant === model.defaultVariant,
      state: fileState(cacheDir, output, { stamp, verify }),
      file: path.join(cacheDir, output.file),
      source: [model.source.registry, model.source.package, model.source.version].join(' '),
      licence: model.source.licence,
      sha256: output.sha256,
      card: `models/${model.card}`,
    })),
  );
}

/**
 * Absolute path of an installed model's .onnx file.
 *
 * @param id the manifest's id
 * @throws ModelError `unknown`, `missing` or `corrupt`; its message names the command that mends it
 */
export function modelFile(id: string, options: Installation & { variant?: string } = {}): string {
  const { manifest = loadManifest(), cacheDir = CACHE_DIR } = options;
  const output = findOutput(findModel(manifest, id), options.variant);
  const state = fileState(cacheDir, output, { stamp: readStamp(cacheDir) });
  if (state === 'present') return path.join(cacheDir, output.file);
  const detail =
    state === 'missing'
      ? `model ${id} (${output.variant}) is not installed`
      : `model ${id} (${output.variant}) is damaged: ${output.file} does not have the pinned sha256`;
  throw new ModelError(state, detail);
}
