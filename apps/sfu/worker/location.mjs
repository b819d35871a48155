import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Plain JavaScript: the set-up runs it under Node 20, before anything is installed.

/** @param {string} root @returns {string} mediasoup's version in the lock file, such as "3.27.1" */
export function mediasoupVersion(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return packages['node_modules/mediasoup'].version;
}

/** @param {string} root @returns {string} the program that MEDIASOUP_WORKER_BIN names if it is there, else where this machine's worker for the locked version lies, or will lie */
export function mediaWorkerFile(root) {
  const given = process.env['MEDIASOUP_WORKER_BIN'];
  // Anything else ("skip") is for mediasoup's own install script.
  if (given !== undefined && existsSync(given)) return given;
  const folder = `${mediasoupVersion(root)}-${process.arch}-${distribution()}`;
  const program = process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';
  return join(root, '.cache', 'mediasoup-worker', folder, program);
}

/** @returns {string} such as "debian12"; the platform where there is no os-release */
function distribution() {
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    const field = (/** @type {string} */ name) =>
      new RegExp(`^${name}="?([\\w.]*)`, 'm').exec(release)?.[1] ?? '';
    return `${field('ID')}${field('VERSION_ID')}` || process.platform;
  } catch {
    return process.platform;
  }
}
