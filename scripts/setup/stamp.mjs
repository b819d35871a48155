import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What a step left behind: the key it worked for and, for an optional step that could not be
 * had, why. A stamp is replaced by rename: a run that is killed leaves the old one or none.
 * @typedef {{ key: string, missing?: string }} Stamp
 */

/** @param {string} root */
const folder = (root) => join(root, '.cache', 'setup');

/** @param {string} root @param {string} step */
const file = (root, step) => join(folder(root), 'stamps', `${step.replaceAll(' ', '-')}.json`);

/**
 * @param {string} root
 * @param {string} step
 * @returns {Stamp | undefined} undefined where there is none or it can't be read
 */
export function readStamp(root, step) {
  try {
    return JSON.parse(readFileSync(file(root, step), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} root @param {string} step @param {Stamp} stamp */
export function writeStamp(root, step, stamp) {
  const path = file(root, step);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(stamp)}\n`);
  renameSync(`${path}.${process.pid}`, path);
}

/** @param {string} root @param {string} step */
export function dropStamp(root, step) {
  rmSync(file(root, step), { force: true });
}

/** @param {string} root */
export function forgetStamps(root) {
  rmSync(join(folder(root), 'stamps'), { recursive: true, force: true });
}

/**
 * @param {...string} parts
 * @returns {string} hex, 16 digits
 */
export function keyOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {string} path
 * @returns {string} hash of the file's content; "absent" where there is none
 */
export function hashOfFile(path) {
  return existsSync(path) ? keyOf(readFileSync(path, 'utf8')) : 'absent';
}
