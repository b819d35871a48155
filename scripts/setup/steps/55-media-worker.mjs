import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mediasoupVersion, mediaWorkerFile } from '../../../apps/sfu/worker/location.mjs';
import { CommandError, command } from '../command.mjs';
import { debianPackages } from '../debian-packages.mjs';
import { SetupError } from '../errors.mjs';
import { needsLive } from '../live.mjs';
import { admitMediaWorker, hasMediaWorker } from '../media-worker.mjs';
import { keyOf } from '../stamp.mjs';

/** @type {import('../steps.mjs').Step} The official worker where it could be had, else one built here. */
export default {
  name: 'media worker',
  entries: ['setup', 'start', 'test', 'probe', 'eval', 'bench'],
  provenByPresent: true,
  key: (context) => (needsLive(context) ? keyOf(mediaWorkerFile(context.root)) : undefined),
  present: ({ root }) => hasMediaWorker(root),
  async work({ root, abort }, progress) {
    // The step before has fetched it.
    if (hasMediaWorker(root)) return 'the official one runs';
    const folder = mkdtempSync(join(root, '.cache', 'worker-build-'));
    const built = join(folder, 'mediasoup-worker');
    const from = join(root, 'node_modules', 'mediasoup');
    try {
      await command(join(root, 'apps', 'sfu', 'worker', 'build.sh'), [from, built], {
        abort,
        env: { ...process.env, TMPDIR: folder },
        onLine: (line) => {
          const step = /^\[(\d+\/\d+)\]/.exec(line)?.[1];
          if (step !== undefined) progress(`compiling ${step}, about 4 minutes, only once`);
        },
      });
      await admitMediaWorker(root, built, abort);
    } catch (error) {
      throw error instanceof CommandError ? inWords(root, error) : error;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return `built, mediasoup ${mediasoupVersion(root)}`;
  },
};

/** @param {string} root @param {CommandError} error */
function inWords(root, error) {
  const lacking = debianPackages
    .filter(({ why, isMissing }) => why.includes('worker') && isMissing(root))
    .map(({ name }) => name);
  if (lacking.length === 0) return error;
  return new SetupError(
    `mediasoup's media worker could not be fetched from GitHub, and to build it Debian packages are\n` +
      `missing. Install them and run the command again:\n\n  apt-get install ${lacking.join(' ')}\n\n` +
      `(or let MEDIASOUP_WORKER_BIN name a mediasoup-worker ${mediasoupVersion(root)} of yours)`,
    error,
  );
}
