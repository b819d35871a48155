import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} root */
export const manifestFile = (root) => join(root, 'models', 'manifest.json');

/**
 * A model file as the manifest pins it.
 * @typedef {{ file: string, sha256: string, registry: string }} PinnedFile
 */

/**
 * The installer notes what it hashed; same size and time mean that the hash still holds. Who loads a
 * model checks again.
 * @param {string} root
 * @returns {PinnedFile[]} what the manifest pins and `.cache/models` does not hold
 */
export function missingModels(root) {
  /** @type {{ models: { source: { registry: string }, outputs: { file: string, sha256: string }[] }[] }} */
  const { models } = JSON.parse(readFileSync(manifestFile(root), 'utf8'));
  const folder = join(root, '.cache', 'models');
  const notes = join(folder, 'stamp.json');
  /** @type {Record<string, { sha256: string, sizeBytes: number, mtimeMs: number }>} */
  const noted = existsSync(notes) ? JSON.parse(readFileSync(notes, 'utf8')) : {};
  const isInstalled = (/** @type {PinnedFile} */ { file, sha256 }) => {
    const path = join(folder, file);
    if (!existsSync(path)) return false;
    const { size, mtimeMs } = statSync(path);
    const note = noted[file];
    return note?.sha256 === sha256 && note.sizeBytes === size && note.mtimeMs === mtimeMs;
  };
  return models
    .flatMap(({ source: { registry }, outputs }) =>
      outputs.map(({ file, sha256 }) => ({ file, sha256, registry })),
    )
    .filter((output) => !isInstalled(output));
}
