import { AbortedError, SetupError } from './errors.mjs';
import { entries } from './entries.mjs';
import { handOver } from './hand-over.mjs';
import { checkNodeVersion, exactNode } from './node-version.mjs';
import { status } from './status.mjs';
import { createReport } from './report.mjs';
import { raise, watchSignals } from './signals.mjs';
import { forgetStamps } from './stamp.mjs';
import { runSteps } from './steps.mjs';
import { loadSteps } from './load-steps.mjs';

/**
 * Sets up what `args[0]` needs, then runs its program with the remaining arguments.
 * @param {string} root absolute path of the project
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function main(root, args) {
  const report = createReport(process.stderr);
  const [name = 'setup', ...rest] = args;
  const entry = entries[name];
  if (entry === undefined) {
    report.fail(`Unknown entry "${name}". There are: ${Object.keys(entries).join(', ')}.`);
    return 2;
  }
  const signals = watchSignals();
  try {
    checkNodeVersion(process.versions.node);
    const fresh = name === 'setup' && rest.includes('--fresh');
    const passed = rest[0] === '--' ? rest.slice(1) : rest;
    const context = { root, entry: name, args: passed, report, abort: signals.abort, fresh };
    const steps = await loadSteps(name);
    if (name === 'status') return await status(steps, context);
    if (fresh) forgetStamps(root);
    await runSteps(steps, context);
    signals.release();
    if (entry.program === undefined) return 0;
    return await handOver(exactNode(root), [entry.program, ...(entry.args ?? []), ...passed], root);
  } catch (error) {
    signals.release();
    if (error instanceof AbortedError) {
      report.fail('Stopped. The next run goes on from here.');
      return raise(signals.received() ?? 'SIGTERM');
    }
    if (!(error instanceof SetupError)) throw error;
    report.fail(error.message);
    return 1;
  }
}
