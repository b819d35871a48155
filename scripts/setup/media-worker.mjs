import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { mediaWorkerFile } from '../../apps/sfu/worker/location.mjs';
import { CommandError, command } from './command.mjs';
import { SetupError } from './errors.mjs';

/** What the worker answers when it is started without mediasoup (worker/src/main.cpp). */
const alone = 41;

/** @param {string} root @returns {boolean} whether a worker that ran on this machine is there */
export function hasMediaWorker(root) {
  return existsSync(mediaWorkerFile(root));
}

/**
 * Takes a worker into its place once it has shown that it runs here.
 * @param {string} root
 * @param {string} candidate path of the program
 * @param {AbortSignal} abort
 * @throws {SetupError} when it does not run
 */
export async function admitMediaWorker(root, candidate, abort) {
  const code = await exitCode(candidate, abort);
  if (code !== alone) {
    rmSync(candidate, { force: true });
    throw new SetupError(`it does not run on this machine (it ended with ${code})`);
  }
  const file = mediaWorkerFile(root);
  mkdirSync(dirname(file), { recursive: true });
  renameSync(candidate, file);
}

/** @param {string} file @param {AbortSignal} abort @returns {Promise<number | string | null>} */
async function exitCode(file, abort) {
  try {
    await command(file, [], { abort, env: {} });
    return 0;
  } catch (error) {
    if (error instanceof CommandError) return error.code;
    throw error;
  }
}
