import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endings, raise } from './signals.mjs';

/**
 * Where Node keeps what it compiled, TypeScript without its types included: it halves the start
 * of the second run, in the program and in each of its threads.
 */
const compiled = join(fileURLToPath(new URL('../..', import.meta.url)), '.cache', 'compiled');

/**
 * Runs the entry's program in the foreground: same terminal, signals forwarded, and its exit code
 * or its signal becomes ours.
 * @param {string} node path of the Node to use; it is put first on PATH for what the program starts
 * @param {string[]} args program and arguments
 * @param {string} [cwd] the caller's own unless given
 * @returns {Promise<number>} exit code
 */
export async function handOver(node, args, cwd = process.cwd()) {
  const env = {
    NODE_COMPILE_CACHE: compiled,
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`,
  };
  const child = spawn(node, args, { cwd, env, stdio: 'inherit' });
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    // A terminal sends Ctrl-C to the child as well: a second one would mean "at once, without cleaning up".
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  };
  for (const signal of endings) process.on(signal, forward);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...end) => resolve(end));
  });
  for (const name of endings) process.off(name, forward);
  return signal === null ? code : raise(signal);
}
