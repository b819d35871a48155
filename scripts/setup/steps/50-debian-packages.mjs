import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, command } from '../command.mjs';
import { forTests } from '../debian-packages.mjs';
import { SetupError } from '../errors.mjs';
import { keyOf } from '../stamp.mjs';

/** @param {string} root */
const missing = (root) =>
  forTests.filter(({ file, when }) => (!when || existsSync(join(root, when))) && !existsSync(file));

/** @type {import('../steps.mjs').Step} */
export default {
  name: 'system packages',
  entries: ['test'],
  provenByPresent: true,
  // Only where Debian's tools are: elsewhere the tests that need such a part say so and are skipped.
  key: () => (existsSync('/usr/bin/apt-get') ? keyOf(JSON.stringify(forTests)) : undefined),
  present: ({ root }) => missing(root).length === 0,
  async work({ root, abort, report }, progress) {
    const names = missing(root).map(({ name }) => name);
    for (const { name, why } of missing(root)) report.say(`    needs ${name}: ${why}`);
    const asRoot = await rootPrefix(abort);
    const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...names];
    if (asRoot === undefined) {
      throw new SetupError(
        `the tests need Debian packages that only root can install. Run this, then the command again:\n\n` +
          `  sudo apt-get update && sudo ${install.join(' ')}`,
      );
    }
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    try {
      for (const line of [['apt-get', 'update'], install]) {
        const [file = '', ...args] = [...asRoot, ...line];
        await command(file, args, { abort, env, onLine: progress });
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(
        `apt-get could not install ${names.join(', ')}. Its last words:\n\n${error.tail}`,
        error,
      );
    }
    return names.join(', ');
  },
};

/**
 * @param {AbortSignal} abort
 * @returns {Promise<string[] | undefined>} what to put before a command to run it as root without asking
 */
async function rootPrefix(abort) {
  if (process.getuid?.() === 0) return [];
  try {
    await command('sudo', ['-n', 'true'], { abort });
    return ['sudo', '-n'];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return undefined;
  }
}
