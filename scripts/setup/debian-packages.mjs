/**
 * System parts that come as Debian packages, and the file that shows each is there.
 * @typedef {object} DebianPackage
 * @property {string} name
 * @property {string} file that it brings
 * @property {string} why
 * @property {string} [when] a file of the project without which it is not needed
 */

/** @type {DebianPackage[]} What the tests need; a user's run needs none of them. */
export const forTests = [
  {
    name: 'python3-venv',
    file: '/usr/share/python-wheels',
    why: 'makes the virtual environment of the Python worker',
    when: 'python-fallback/requirements.txt',
  },
];
