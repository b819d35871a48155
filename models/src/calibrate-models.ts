import { readFileSync } from 'node:fs';
import path from 'node:path';
import { calibrate } from './calibrate.ts';
import type { Calibration } from './calibration-file.ts';
import { letterbox, pickImages, type PlanarImage } from './images.ts';
import { expectFonts, textOverlay } from './text-overlay.ts';
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
 * @param options.only id of the one model that is measured; all where it is left out
 */
export async function calibrateModels(options: {
  dir: string;
  limit: number;
  only?: string | undefined;
  log: (line: string) => void;
}): Promise<void> {
  const files = await pickImages(options.dir, options.limit);
  for (const model of loadManifest().models) {
    if (options.only !== undefined && model.id !== options.only) continue;
    for (const output of model.outputs) {
      const step = output.steps.find((candidate) => candidate.step === 'quantize');
      if (!step || output.from === undefined) continue;
      const float32 = readFileSync(modelFile(model.id, { variant: output.from }));
      const { sizes } = model.preprocess;
      const withText = model.postprocess.kind === 'db-text';
      if (withText) await expectFonts();
      const found = await calibrate(float32, pictures(files, { sizes, withText }), step);
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

/** Of as many pictures as this one is left without drawn text. */
const WITHOUT_TEXT_EVERY = 4;

/** The pictures in turn at each of the sizes that the detectors use; `withText`: lines of text are drawn on most. */
async function* pictures(
  files: readonly string[],
  how: { readonly sizes: ManifestModel['preprocess']['sizes']; readonly withText: boolean },
): AsyncGenerator<PlanarImage> {
  const { sizes, withText } = how;
  for (const [index, file] of files.entries()) {
    const size = sizes[index % sizes.length];
    if (!size) continue;
    const draws = withText && index % WITHOUT_TEXT_EVERY > 0;
    yield await letterbox(file, { ...size, ...(draws ? { over: textOverlay(size, index) } : {}) });
  }
}

/** Six digits say all that a range of some pictures can say. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
