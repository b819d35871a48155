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
    try {
      await command('npm', ['ci', '--no-progress', '--loglevel=http'], {
        abort,
        cwd: root,
        env: { ...process.env, ...skipDownloads },
        onLine(line) {
          if (!/^npm http (fetch|cache)/.test(line)) return;
          fetched += 1;
          progress(`npm ci, ${fetched}/${wanted} fetched`);
        },
      });
    } catch (error) {
      throw error instanceof CommandError ? inWords(error) : error;
    }
    return `${wanted} packages installed`;
  },
};

/** @param {CommandError} error */
function inWords(error) {
  if (error.code === 'ENOENT') return new SetupError('there is no npm on PATH.', error);
  const lines = error.tail.split('\n').filter((line) => line.startsWith('npm error'));
  const said = (lines.length > 0 ? lines : error.tail.split('\n')).slice(-12).join('\n');
  if (looksOffline(error.tail)) {
    return new SetupError(
      `the npm registry could not be reached, so the project's packages can't be had.\n` +
        `Check the network (and "npm config get registry"), then run the command again.\n\n${said}`,
      error,
    );
  }
  return new SetupError(
    `"npm ci" failed. If it speaks of a lock file out of step, run "npm install" and commit the\n` +
      `lock file; if of the disk, free some space (1 GB is needed). npm said:\n\n${said}`,
    error,
  );
}
