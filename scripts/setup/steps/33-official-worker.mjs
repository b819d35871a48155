import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { mediasoupVersion, mediaWorkerFile } from '../../../apps/sfu/worker/location.mjs';
import { command } from '../command.mjs';
import { SetupError } from '../errors.mjs';
import { needsLive } from '../live.mjs';
import { admitMediaWorker, hasMediaWorker } from '../media-worker.mjs';
import { keyOf } from '../stamp.mjs';

/** For a first answer: where a firewall swallows packets, nobody waits for minutes. */
const answerMs = 5000;
const downloadMs = 60_000;

/** @type {import('../steps.mjs').Step} Before the system packages: a worker that is fetched needs no compiler. */
export default {
  name: 'official worker',
  entries: ['setup', 'start', 'test', 'probe', 'eval', 'bench'],
  optional: true,
  key: (context) =>
    !needsLive(context) || (hasMediaWorker(context.root) && !context.fresh)
      ? undefined
      : keyOf(mediasoupVersion(context.root), tarball(context.root)),
  present: ({ root }) => hasMediaWorker(root),
  async work({ root, abort, fresh }, progress) {
    if (fresh) rmSync(mediaWorkerFile(root), { force: true });
    const folder = mkdtempSync(join(root, '.cache', 'official-worker-'));
    try {
      progress("mediasoup's release on GitHub");
      const archive = join(folder, 'worker.tgz');
      writeFileSync(archive, await fetched(tarball(root), abort));
      await command('tar', ['-xzf', archive, '-C', folder], { abort });
      await admitMediaWorker(root, join(folder, 'mediasoup-worker'), abort);
      return `fetched, mediasoup ${mediasoupVersion(root)}`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** As mediasoup's own npm-scripts.mjs names it, with its variable for a mirror. @param {string} root */
function tarball(root) {
  const version = mediasoupVersion(root);
  const kernel = process.platform === 'linux' ? `-kernel${release().split('.')[0]}` : '';
  const name = `mediasoup-worker-${version}-${process.platform}-${process.arch}${kernel}.tgz`;
  const given = process.env['MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL'];
  return `${given ?? `${repository(root)}/releases/download`}/${version}/${name}`;
}

/** @param {string} root */
function repository(root) {
  const file = join(root, 'node_modules', 'mediasoup', 'package.json');
  if (!existsSync(file)) return '';
  const { url } = JSON.parse(readFileSync(file, 'utf8')).repository;
  return url.replace(/^git\+/, '').replace(/\.git$/, '');
}

/** @param {string} url @param {AbortSignal} abort @returns {Promise<Buffer>} */
async function fetched(url, abort) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), answerMs);
  const signal = AbortSignal.any([abort, late.signal, AbortSignal.timeout(downloadMs)]);
  try {
    const response = await fetch(url, { signal });
    clearTimeout(timer);
    if (!response.ok) throw new SetupError(`GitHub has none for this system: it will be built`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof SetupError || abort.aborted) throw error;
    throw new SetupError('GitHub could not be reached: it will be built', error);
  } finally {
    clearTimeout(timer);
  }
}
