import { readFileSync } from 'node:fs';
import path from 'node:path';
import { calibrate } from './calibrate.ts';
import type { Calibration } from './calibration-file.ts';
import { letterbox, pickImages, type PlanarImage } from './images.ts';
import { loadManifest, MANIFEST_FILE } from './manifest.ts';
import type { ManifestModel } from './manifest-schema.ts';
import { modelFile } from './state.ts';
import { sha256Of, writeAtomically } from './store.ts';

/**
 * Measure the activation ranges of every model that has a quantised variant and write them to the calibration files
 * that the manifest names. The fp32 variants must be installed.
 *
 * @param options.dir folder of pictures like those that the detectors will see
 * @param options.limit number of pictures used
 */
export async function calibrateModels(options: {
  dir: string;
  limit: number;
  log: (line: string) => void;
}): Promise<void> {
  const files = await pickImages(options.dir, options.limit);
  for (const model of loadManifest().models) {
    for (const output of model.outputs) {
      const step = output.steps.find((candidate) => candidate.step === 'quantize');
      if (!step || output.from === undefined) continue;
      const float32 = readFileSync(modelFile(model.id, { variant: output.from }));
      const { sizes } = model.preprocess;
      const found = await calibrate(float32, pictures(files, sizes), step.float);
      const ranges = Object.fromEntries(
        Object.entries(found).map(([name, range]) => [name, range.map(rounded)]),
      ) as Calibration['ranges'];
      const sha256 = sha256Of(float32);
      const content: Calibration = { images: files.length, sizes, sha256, ranges };
      const file = path.join(path.dirname(MANIFEST_FILE), step.ranges);
      writeAtomically(file, Buffer.from(`${JSON.stringify(content, null, 2)}\n`));
      options.log(
        `${model.id} (${output.variant}): ${files.length} pictures → models/${step.ranges}`,
      );
    }
  }
}

/** The pictures in turn at each of the sizes that the detectors use. */
async function* pictures(
  files: readonly string[],
  sizes: ManifestModel['preprocess']['sizes'],
): AsyncGenerator<PlanarImage> {
  for (const [index, file] of files.entries()) {
    const size = sizes[index % sizes.length];
    if (size) yield await letterbox(file, size);
  }
}

/** Six digits say all that a range of some pictures can say. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
