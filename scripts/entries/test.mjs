// What `npm test` and `npm run lint` run once the machine is set up: cheap phases first. The first
// phase that fails ends the run; the summary names them all.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seconds } from '../setup/report.mjs';
import { endings, raise } from '../setup/signals.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name);
const given = process.argv.slice(2);
const withTests = !given.includes('--no-tests');
const cache = join(root, '.cache');

const phases = [
  { name: 'types', run: [bin('tsc'), '-b'] },
  { name: 'lint', run: [bin('eslint'), '.'] },
  {
    name: 'format',
    run: [bin('prettier'), '--check', '--cache', '--cache-location', join(cache, 'prettier'), '.'],
  },
  ...(withTests ? [{ name: 'tests', run: [bin('vitest'), 'run', ...given] }] : []),
  // Whoever names tests wants just those.
  ...(withTests && given.length === 0
    ? [{ name: 'e2e', run: [bin('playwright'), 'test', '--config', 'e2e', '--project', 'quick'] }]
    : []),
];

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;
for (const signal of endings) process.on(signal, () => running?.kill(signal));

let failed = false;
const lines = [];
for (const { name, run } of phases) {
  if (failed) {
    lines.push(`  · ${name.padEnd(8)} not run`);
    continue;
  }
  process.stdout.write(`── ${name}\n`);
  const startedAt = performance.now();
  const { code, signal } = await ended(run);
  if (signal !== null) await raise(signal);
  failed = code !== 0;
  lines.push(
    `  ${failed ? '✗' : '✓'} ${name.padEnd(8)} ${seconds(performance.now() - startedAt).padStart(7)}`,
  );
}
process.stdout.write(`\n${lines.join('\n')}\n`);
process.exitCode = failed ? 1 : 0;

/**
 * @param {string[]} run program and arguments
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
function ended([file = '', ...args]) {
  return new Promise((resolve, reject) => {
    running = spawn(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });
    running.once('error', reject);
    running.once('close', (code, signal) => resolve({ code, signal }));
  });
}
