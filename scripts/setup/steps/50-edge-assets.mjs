import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, command } from '../command.mjs';
import { SetupError } from '../errors.mjs';
import { needsLive } from '../live.mjs';
import { manifestFile } from '../models.mjs';
import { exactNode } from '../node-version.mjs';
import { hashOfFile, keyOf } from '../stamp.mjs';

/** What is bundled and copied, and what does it. */
const sources = [
  ['packages', 'anonymizer', 'src', 'browser'],
  ['packages', 'anonymizer', 'src', 'core'],
  ['scripts', 'edge-assets'],
];

/** @param {string} root */
const out = (root) => join(root, 'apps', 'web', 'public', 'edge');

/** @param {string} folder @returns {string[]} */
const hashesBelow = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .flatMap((file) => [file, hashOfFile(join(folder, file))]);

/** @type {import('../steps.mjs').Step} */
export default {
  name: 'edge assets',
  entries: ['setup', 'start', 'test', 'bench', 'eval', 'probe'],
  key(context) {
    const { root } = context;
    if (!needsLive(context)) return undefined;
    return keyOf(
      hashOfFile(manifestFile(root)),
      hashOfFile(join(root, 'package-lock.json')),
      ...sources.flatMap((parts) => hashesBelow(join(root, ...parts))),
    );
  },
  present: ({ root }) => existsSync(join(out(root), 'index.json')),
  async work({ root, abort }, progress) {
    progress('bundling workers, copying models');
    try {
      await command(exactNode(root), [join('scripts', 'edge-assets', 'main.ts'), out(root)], {
        abort,
        cwd: root,
      });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(
        `what the browser's anonymizer loads could not be put together:\n\n${error.tail}`,
        error,
      );
    }
    return 'workers, runtimes and models in apps/web/public/edge';
  },
};
