import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, optional?: boolean }} LockedPackage */

/**
 * Compares what package-lock.json asks for with what npm noted that it installed, and with the disk.
 * @param {string} root
 * @returns {string[]} paths of the packages that are missing or of another version
 */
export function missingPackages(root) {
  const wanted = read(join(root, 'package-lock.json'));
  const installed = read(join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted)
    .filter(
      ([path, entry]) =>
        path.includes('node_modules/') && !matches(root, path, entry, installed[path]),
    )
    .map(([path]) => path);
}

/**
 * @param {string} root
 * @param {string} path
 * @param {LockedPackage} entry
 * @param {LockedPackage | undefined} found
 */
function matches(root, path, entry, found) {
  // npm leaves out the optional packages of other systems.
  if (found === undefined) return entry.optional === true;
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
