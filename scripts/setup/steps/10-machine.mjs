import { SetupError } from '../errors.mjs';
import { command } from '../command.mjs';
import { onPath } from '../on-path.mjs';
import { keyOf } from '../stamp.mjs';

const oldestNpm = 10;

/** @type {import('../steps.mjs').Step} */
export default {
  name: 'machine',
  entries: ['setup', 'start', 'test', 'lint', 'probe', 'eval', 'bench', 'train'],
  // Not Node's version: npm scripts run this under the exact Node once it is there.
  key: () => keyOf(onPath('npm') ?? '', onPath('python3') ?? ''),
  present: () => true,
  async work({ abort }) {
    const npm = await versionOf('npm', abort);
    if (npm === undefined) {
      throw new SetupError(
        'there is no npm on PATH. It comes with Node (https://nodejs.org); on Debian: apt-get install npm.',
      );
    }
    if (Number.parseInt(npm, 10) < oldestNpm) {
      throw new SetupError(
        `npm ${npm} is too old: version ${oldestNpm} or newer is needed. Run: npm install -g npm@${oldestNpm}`,
      );
    }
    const python = await versionOf('python3', abort);
    return `Node ${process.versions.node}, npm ${npm}, ${python ?? 'no python3'}`;
  },
};

/**
 * @param {string} program
 * @param {AbortSignal} abort
 * @returns {Promise<string | undefined>} undefined where it can't be run
 */
async function versionOf(program, abort) {
  try {
    const said = await command(program, ['--version'], { abort });
    return said.split('\n').at(-1);
  } catch (error) {
    if (abort.aborted) throw error;
    return undefined;
  }
}
