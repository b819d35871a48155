import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, optional?: boolean }} LockedPackage */

const system = process.platform === 'win32' ? 'win' : process.platform;
const exactNodePackage = `node_modules/node-${system}-${process.arch}`;

/**
 * Compares what package-lock.json asks for with what npm noted that it installed, and with the disk.
 * @param {string} root
 * @returns {string[]} paths of the packages that are missing or of another version
 */
export function missingPackages(root) {
  const wanted = read(join(root, 'package-lock.json'));
  const installed = read(join(root, 'node_modules', '.package-lock.json'));
  if (Object.keys(wanted).length === 0) return ['package-lock.json'];
  return Object.entries(wanted)
    .filter(
      ([path, entry]) =>
        path.includes('node_modules/') && !matches(root, path, entry, installed[path]),
    )
    .map(([path]) => path);
}

/** @param {string} root @returns {number} how many packages npm noted that it installed */
export function installedPackages(root) {
  const installed = read(join(root, 'node_modules', '.package-lock.json'));
  return Object.keys(installed).filter((path) => path.includes('node_modules/')).length;
}

/**
 * @param {string} root
 * @param {string} path
 * @param {LockedPackage} entry
 * @param {LockedPackage | undefined} found
 */
function matches(root, path, entry, found) {
  // npm leaves out the optional packages of other systems, but this system's exact Node must be there.
  if (found === undefined) return entry.optional === true && path !== exactNodePackage;
  return (
    found.version === entry.version &&
    found.integrity === entry.integrity &&
    existsSync(join(root, path, 'package.json'))
  );
}

/** @param {string} file @returns {Record<string, LockedPackage>} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return {};
  }
}
