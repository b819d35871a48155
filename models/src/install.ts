import path from 'node:path';
import { ModelError } from './errors.ts';
import { loadManifest, stepsOf } from './manifest.ts';
import type { Manifest, ManifestModel, ManifestOutput } from './manifest-schema.ts';
import { CACHE_DIR, fileState, readStamp, sha256Of, stampOf } from './store.ts';
import { type Stamp, writeAtomically, writeStamp } from './store.ts';

export interface InstallOptions {
  /** One line per step with its time; no line for what is present already. */
  log: (line: string) => void;
  signal?: AbortSignal | undefined;
  /** Hash every file anew instead of trusting size and time. */
  verify?: boolean;
  manifest?: Manifest;
  cacheDir?: string;
  /** Base of `project` sources; the manifest's folder. */
  projectDir?: string;
}

export interface InstalledModel {
  id: string;
  variant: string;
  /** Absolute path. */
  file: string;
  sizeBytes: number;
  /** False where it was there before. */
  fresh: boolean;
}

/**
 * Fetch, convert and check every model of the manifest into `.cache/models`. Idempotent: what is there is left alone.
 *
 * @throws ModelError with the reason of the first model that failed; models before it stay installed
 */
export async function installModels(options: InstallOptions): Promise<InstalledModel[]> {
  const { manifest = loadManifest(), cacheDir = CACHE_DIR, verify = false } = options;
  const stamp = readStamp(cacheDir);
  const installed: InstalledModel[] = [];
  for (const model of manifest.models) {
    for (const output of model.outputs) {
      options.signal?.throwIfAborted();
      const fresh = fileState(cacheDir, output, { stamp, verify }) !== 'present';
      if (fresh) await installOutput(model, output, { ...options, cacheDir });
      const changed = !sameStamp(stamp[output.file], stampOf(cacheDir, output));
      stamp[output.file] = stampOf(cacheDir, output);
      if (changed) writeStamp(cacheDir, stamp);
      installed.push({
        id: model.id,
        variant: output.variant,
        file: path.join(cacheDir, output.file),
        sizeBytes: stampOf(cacheDir, output).sizeBytes,
        fresh,
      });
    }
  }
  return installed;
}

function sameStamp(a: Stamp[string] | undefined, b: Stamp[string]): boolean {
  return a?.sha256 === b.sha256 && a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs;
}

async function installOutput(
  model: ManifestModel,
  output: ManifestOutput,
  options: InstallOptions & { cacheDir: string },
): Promise<void> {
  // Loaded only where there is work: the check of a finished set-up stays quick.
  const [{ fetchFiles }, { convert }, { readRanges }] = await Promise.all([
    import('./fetch.ts'),
    import('./convert/run.ts'),
    import('./calibration-file.ts'),
  ]);
  const name = `${model.id} (${output.variant})`;
  const source = await timed(options.log, `${name}: fetch and check`, () =>
    fetchFiles(model.source, options),
  );
  const bytes = await timed(options.log, `${name}: convert`, () => {
    try {
      return convert(source, stepsOf(model, output), readRanges);
    } catch (cause) {
      const why = (cause as Error).message;
      throw new ModelError('conversion-failed', `model ${name}: ${why}`, { cause });
    }
  });
  const found = sha256Of(bytes);
  if (found !== output.sha256) {
    throw new ModelError(
      'conversion-failed',
      `model ${name}: conversion gave sha256 ${found}, the manifest pins ${output.sha256}`,
    );
  }
  writeAtomically(path.join(options.cacheDir, output.file), bytes);
}

async function timed<T>(
  log: (line: string) => void,
  name: string,
  work: () => T | Promise<T>,
): Promise<T> {
  const start = performance.now();
  const result = await work();
  log(`${name} ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}
