export { ModelError, type ModelErrorReason, SETUP_COMMAND } from './errors.ts';
export { type InstalledModel, type InstallOptions, installModels } from './install.ts';
export { findFusion, findModel, findOutput, loadManifest, parseManifest } from './manifest.ts';
export type {
  FaceFusionSetup,
  Manifest,
  ManifestModel,
  ManifestOutput,
  ModelSource,
} from './manifest-schema.ts';
export type { Postprocess, Preprocess } from './manifest-schema.ts';
export { modelFile, modelsState, type ModelState } from './state.ts';
export { yardstickMs } from './yardstick.ts';
