import { existsSync } from 'node:fs';
import { CommandError, command } from '../command.mjs';
import { forTests } from '../debian-packages.mjs';
import { SetupError } from '../errors.mjs';
import { keyOf } from '../stamp.mjs';

/** @param {string} root */
const missing = (root) => forTests.filter(({ isMissing }) => isMissing(root));

/** @type {import('../steps.mjs').Step} What can't be had here is named, and the tests that need it are skipped. */
export default {
  name: 'system packages',
  entries: ['test'],
  optional: true,
  provenByPresent: true,
  key: ({ root }) =>
    existsSync('/usr/bin/apt-get')
      ? keyOf(...missing(root).map(({ name }) => name), String(process.getuid?.()))
      : undefined,
  present: ({ root }) => missing(root).length === 0,
  async work({ root, abort, report }, progress) {
    const names = missing(root).map(({ name }) => name);
    for (const { name, why } of missing(root)) report.say(`    Debian package ${name}: ${why}`);
    const asRoot = await rootPrefix(abort);
    const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...names];
    if (asRoot === undefined) {
      throw new SetupError(`only root can install them: sudo ${install.join(' ')}`);
    }
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    try {
      for (const line of [['apt-get', 'update'], install]) {
        const [file = '', ...args] = [...asRoot, ...line];
        await command(file, args, { abort, env, onLine: progress });
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const last = error.tail.split('\n').at(-1);
      throw new SetupError(`apt-get could not install ${names.join(', ')}: ${last}`, error);
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
