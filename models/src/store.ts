import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ManifestOutput } from './manifest-schema.ts';

/** `<root>/.cache/models`, where installed models lie. */
export const CACHE_DIR = fileURLToPath(new URL('../../.cache/models', import.meta.url));

const stampSchema = z.record(
  z.string(),
  z.object({ sha256: z.string(), sizeBytes: z.number(), mtimeMs: z.number() }),
);

/** What was hashed last, per file: size and time unchanged means that the hash still holds. */
export type Stamp = z.infer<typeof stampSchema>;

export type FileState = 'present' | 'missing' | 'corrupt';

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The stamp of a cache folder; empty where there is none or it is damaged (everything is then hashed anew). */
export function readStamp(dir: string): Stamp {
  try {
    return stampSchema.parse(JSON.parse(readFileSync(stampFile(dir), 'utf8')));
  } catch {
    return {};
  }
}

export function writeStamp(dir: string, stamp: Stamp): void {
  writeAtomically(stampFile(dir), Buffer.from(JSON.stringify(stamp, null, 1)));
}

/**
 * Is the file there with the bytes that the manifest pins? Trusts a stamp of equal size and time; otherwise, and with
 * `verify`, hashes the file.
 */
export function fileState(
  dir: string,
  output: ManifestOutput,
  options: { stamp: Stamp; verify?: boolean },
): FileState {
  const file = path.join(dir, output.file);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return 'missing';
  const known = options.stamp[output.file];
  const trusted =
    !options.verify && known?.sizeBytes === stat.size && known.mtimeMs === stat.mtimeMs;
  const hash = trusted ? known.sha256 : sha256Of(readFileSync(file));
  return hash === output.sha256 ? 'present' : 'corrupt';
}

/** The stamp entry of a file whose bytes are known to have this hash. */
export function stampOf(dir: string, output: ManifestOutput): Stamp[string] {
  const { size, mtimeMs } = statSync(path.join(dir, output.file));
  return { sha256: output.sha256, sizeBytes: size, mtimeMs };
}

/** Write beside and rename: a reader sees the old file or the whole new one, never a part. */
export function writeAtomically(file: string, bytes: Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  try {
    writeFileSync(partial, bytes);
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}

function stampFile(dir: string): string {
  return path.join(dir, 'stamp.json');
}
