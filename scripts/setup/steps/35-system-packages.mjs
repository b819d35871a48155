import { existsSync } from 'node:fs';
import { CommandError, command } from '../command.mjs';
import { debianPackages } from '../debian-packages.mjs';
import { SetupError } from '../errors.mjs';
import { needsLive } from '../live.mjs';
import { keyOf } from '../stamp.mjs';

/** @param {import('../steps.mjs').Context} context */
const missing = (context) =>
  debianPackages.filter(
    ({ entries, liveOnly, isMissing }) =>
      (context.entry === 'status' || entries.includes(context.entry)) &&
      (!liveOnly || needsLive(context)) &&
      isMissing(context.root),
  );

/** @type {import('../steps.mjs').Step} What can't be had here is named; what needs it says so again. */
export default {
  name: 'system packages',
  entries: [...new Set(debianPackages.flatMap(({ entries }) => entries))],
  optional: true,
  provenByPresent: true,
  key: (context) =>
    existsSync('/usr/bin/apt-get')
      ? keyOf(...missing(context).map(({ name }) => name), String(process.getuid?.()))
      : undefined,
  present: (context) => missing(context).length === 0,
  async work(context, progress) {
    const { abort, report } = context;
    const names = missing(context).map(({ name }) => name);
    for (const why of new Set(missing(context).map((one) => one.why))) {
      const forIt = missing(context).filter((one) => one.why === why);
      report.say(`    Debian packages ${forIt.map(({ name }) => name).join(' ')}: ${why}`);
    }
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
