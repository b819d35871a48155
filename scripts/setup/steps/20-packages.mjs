import { join } from 'node:path';
import { CommandError, command, looksOffline } from '../command.mjs';
import { SetupError } from '../errors.mjs';
import { missingPackages } from '../lockfile.mjs';
import { hashOfFile, keyOf } from '../stamp.mjs';
import { packageFiles } from '../workspaces.mjs';

/**
 * Install scripts stay off (.npmrc). These are for a user's own npm settings that switch them on: the
 * packages bring their binaries along, and their scripts would fetch others from elsewhere.
 */
const skipDownloads = {
  MEDIASOUP_WORKER_BIN: 'skip',
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  SKIP_FFMPEG: 'true',
};

/** @type {import('../steps.mjs').Step} */
export default {
  name: 'packages',
  entries: ['setup', 'start', 'test', 'lint', 'eval', 'bench', 'train'],
  provenByPresent: true,
  key: ({ root }) =>
    keyOf(
      process.platform,
      process.arch,
      hashOfFile(join(root, 'package-lock.json')),
      ...packageFiles(root).map(hashOfFile),
    ),
  present: ({ root }) => missingPackages(root).length === 0,
  async work({ root, abort }, progress) {
    const wanted = missingPackages(root).length;
    let fetched = 0;
    /** @type {string[]} What went wrong stands first; npm's usage fills the end. */
    const errors = [];
    try {
      await command('npm', ['ci', '--no-progress', '--loglevel=http'], {
        abort,
        cwd: root,
        env: { ...process.env, ...skipDownloads },
        onLine(line) {
          if (line.startsWith('npm error')) errors.push(line);
          if (!/^npm http (fetch|cache)/.test(line)) return;
          fetched += 1;
          progress(`npm ci, ${fetched}/${wanted} fetched`);
        },
      });
    } catch (error) {
      throw error instanceof CommandError ? inWords(error, errors) : error;
    }
    return `${wanted} packages installed`;
  },
};

/**
 * @param {CommandError} error
 * @param {string[]} errors
 */
function inWords(error, errors) {
  if (error.code === 'ENOENT') return new SetupError('there is no npm on PATH.', error);
  const said = errors.length > 0 ? errors.slice(0, 12).join('\n') : error.tail;
  if (looksOffline(said)) {
    return new SetupError(
      `the npm registry could not be reached, so the project's packages can't be had.\n` +
        `Check the network (and "npm config get registry"), then run the command again.\n\n${said}`,
      error,
    );
  }
  const advice = /EUSAGE/.test(said)
    ? 'package.json and package-lock.json are out of step: run "npm install" and commit the lock file.'
    : /ENOSPC/.test(said)
      ? 'the disk is full: 1 GB is needed.'
      : '"npm ci" failed.';
  return new SetupError(`${advice} npm said:\n\n${said}`, error);
}
