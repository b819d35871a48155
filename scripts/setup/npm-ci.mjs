import { CommandError, command, looksOffline } from './command.mjs';
import { SetupError } from './errors.mjs';

/**
 * Install scripts stay off (.npmrc). These are for a user's own npm settings that switch them on: the
 * packages bring their binaries along, and their scripts would fetch others from elsewhere.
 */
const skipDownloads = {
  MEDIASOUP_WORKER_BIN: 'skip',
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  SKIP_FFMPEG: 'true',
};

/** So many requests without any answer, and nobody is there: npm itself would try for two minutes. */
const unansweredAtMost = 40;

/**
 * Runs `npm ci`.
 * @param {string} root
 * @param {AbortSignal} abort
 * @param {(fetched: number) => void} onFetch gets the number of packages fetched so far
 * @throws {SetupError} with what to do
 */
export async function npmCi(root, abort, onFetch) {
  const nobodyThere = new AbortController();
  let answered = false;
  let unanswered = 0;
  let fetched = 0;
  /** @type {string[]} What went wrong stands first; npm's usage fills the end. */
  const errors = [];
  /** @param {string} line */
  const onLine = (line) => {
    if (line.startsWith('npm error')) errors.push(line);
    if (!line.startsWith('npm http')) return;
    if (/attempt \d+ failed with/.test(line)) unanswered += 1;
    else answered = true;
    if (line.includes('.tgz')) onFetch(++fetched);
    if (!answered && unanswered > unansweredAtMost) nobodyThere.abort();
  };
  try {
    await command('npm', ['ci', '--no-progress', '--loglevel=http'], {
      abort: AbortSignal.any([abort, nobodyThere.signal]),
      cwd: root,
      env: { ...process.env, ...skipDownloads },
      onLine,
    });
  } catch (error) {
    if (nobodyThere.signal.aborted && !abort.aborted) throw offline('', error);
    throw error instanceof CommandError ? inWords(error, errors) : error;
  }
}

/**
 * @param {CommandError} error
 * @param {string[]} errors
 */
function inWords(error, errors) {
  const said = errors.length > 0 ? errors.slice(0, 12).join('\n') : error.tail;
  if (looksOffline(said)) return offline(`\n\n${said}`, error);
  const advice = /EUSAGE/.test(said)
    ? 'package.json and package-lock.json are out of step: run "npm install" and commit the lock file.'
    : /ENOSPC/.test(said)
      ? 'the disk is full: 1 GB is needed.'
      : '"npm ci" failed.';
  return new SetupError(`${advice} npm said:\n\n${said}`, error);
}

/**
 * @param {string} said
 * @param {unknown} cause
 */
function offline(said, cause) {
  return new SetupError(
    `the npm registry could not be reached, so the project's packages can't be had.\n` +
      `Check the network (and "npm config get registry"), then run the command again.${said}`,
    cause,
  );
}
