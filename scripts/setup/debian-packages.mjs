import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onPath } from './on-path.mjs';

/**
 * A part of the system that comes as a Debian package.
 * @typedef {object} DebianPackage
 * @property {string} name
 * @property {string} why
 * @property {(root: string) => boolean} isMissing answered in milliseconds, without starting anything
 */

/** Debian splits venv off its Python; this comes with the split-off part. */
export const venvWheels = '/usr/share/python-wheels';

/** @type {DebianPackage[]} What tests need; a user's run needs none of them. */
export const forTests = [
  {
    name: 'python3-venv',
    why: 'tests of the Python worker',
    isMissing: (root) =>
      existsSync(join(root, 'python-fallback', 'requirements.txt')) &&
      [undefined, '/usr/bin/python3', '/bin/python3'].includes(onPath('python3')) &&
      !existsSync(venvWheels),
  },
];
