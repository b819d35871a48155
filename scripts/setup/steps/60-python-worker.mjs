import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, command, looksOffline } from '../command.mjs';
import { venvWheels } from '../debian-packages.mjs';
import { SetupError } from '../errors.mjs';
import { onPath } from '../on-path.mjs';
import { hashOfFile, keyOf } from '../stamp.mjs';

/** @param {string} root */
const requirements = (root) => join(root, 'python-fallback', 'requirements.txt');
/** @param {string} root */
const venv = (root) => join(root, '.cache', 'venv');

/** False also where the Python that it was made from is gone: its link leads nowhere. @param {string} root */
const isMade = (root) => existsSync(join(venv(root), 'bin', 'python'));

/** @type {import('../steps.mjs').Step} Without it the list of detectors is shorter; the masks are not smaller. */
export default {
  name: 'python worker',
  entries: ['setup', 'start', 'test', 'probe', 'eval', 'bench'],
  optional: true,
  key({ root }) {
    if (!existsSync(requirements(root))) return undefined;
    const wanted = hashOfFile(requirements(root));
    // One that is there goes on working, whichever Python the next shell has first.
    if (isMade(root)) return keyOf(wanted);
    const python = onPath('python3');
    // A newer Python under the same path is another one: its time of change tells, without starting it.
    const born = python === undefined ? 'none' : `${python} ${statSync(python).mtimeMs}`;
    return keyOf(wanted, born, String(existsSync(venvWheels)));
  },
  present: ({ root }) => isMade(root),
  async work({ root, abort }, progress) {
    const python = onPath('python3');
    if (python === undefined) throw new SetupError('no python3 on PATH: Python detectors are off');
    const folder = venv(root);
    rmSync(folder, { recursive: true, force: true });
    try {
      progress('making .cache/venv');
      await command(python, ['-m', 'venv', folder], { abort });
      const install = ['install', '--only-binary=:all:', '--disable-pip-version-check'];
      const pip = ['-m', 'pip', ...install, '-r', requirements(root)];
      await command(join(folder, 'bin', 'python'), pip, { abort, onLine: progress });
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error instanceof CommandError ? inWords(error) : error;
    }
    return 'wheels in .cache/venv';
  },
};

/** @param {CommandError} error */
function inWords(error) {
  if (/ensurepip/.test(error.tail)) {
    return new SetupError(
      'python3 has no venv (apt-get install python3-venv): Python detectors are off',
      error,
    );
  }
  if (/No matching distribution|requires a different Python/i.test(error.tail)) {
    return new SetupError(
      'no wheels for this Python (3.10 or newer is needed): Python detectors are off',
      error,
    );
  }
  if (looksOffline(error.tail)) {
    return new SetupError('PyPI could not be reached: Python detectors are off', error);
  }
  const last = error.tail
    .split('\n')
    .filter((line) => line.startsWith('ERROR'))
    .at(-1);
  return new SetupError(`Python detectors are off: ${last ?? error.message}`, error);
}
