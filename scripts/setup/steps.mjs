import { join } from 'node:path';
import { AbortedError, SetupError } from './errors.mjs';
import { CommandError } from './command.mjs';
import { withLock } from './lock.mjs';
import { seconds } from './report.mjs';
import { dropStamp, readStamp, writeStamp } from './stamp.mjs';

/**
 * What a step is given.
 * @typedef {object} Context
 * @property {string} root absolute path of the project
 * @property {string} entry what the user asked for
 * @property {string[]} args what the entry's program will be given
 * @property {import('./report.mjs').Report} report
 * @property {AbortSignal} abort fires on Ctrl-C and SIGTERM
 * @property {boolean} fresh everything is to be done again
 */
/**
 * One thing the project needs on this machine. Its file in steps/ is all there is to add.
 * @typedef {object} Step
 * @property {string} name at most 16 characters
 * @property {string[]} entries that need it
 * @property {boolean} [optional] the project runs without it: its failure is one notice
 * @property {boolean} [provenByPresent] `present()` alone proves that the key's work is done
 * @property {(context: Context) => string | undefined} key of what the work depends on; undefined: nothing to do here
 * @property {(context: Context) => boolean} present whether the result is there, in milliseconds
 * @property {(context: Context, progress: (text: string) => void) => Promise<string>} work
 *   does it and returns one short result; throws SetupError with what to do
 */

/** @param {string} root */
const lockFile = (root) => join(root, '.cache', 'setup', 'lock');

/**
 * @param {Step} step
 * @param {Context} context
 * @returns {{ state: 'none' | 'present' | 'absent' } | { state: 'missing', why: string }}
 */
export function stateOf(step, context) {
  const key = step.key(context);
  if (key === undefined) return { state: 'none' };
  if (step.provenByPresent && step.present(context)) return { state: 'present' };
  const stamp = readStamp(context.root, step.name);
  if (stamp?.key !== key) return { state: 'absent' };
  if (stamp.missing !== undefined) return { state: 'missing', why: stamp.missing };
  return { state: step.present(context) ? 'present' : 'absent' };
}

/**
 * Runs, in order and under the lock, the steps that are not in place.
 * @param {Step[]} steps
 * @param {Context} context
 * @throws {SetupError} from the first step that fails and isn't optional
 * @throws {AbortedError}
 */
export async function runSteps(steps, context) {
  const startedAt = performance.now();
  const { report } = context;
  // A finished set-up takes no lock: many entries may start at once.
  if (!context.fresh && steps.every((step) => stateOf(step, context).state !== 'absent')) {
    for (const step of steps) sayInPlace(step, context);
  } else {
    /** @param {number} pid */
    const onWait = (pid) =>
      report.say(`  … waiting for another set-up of this project (process ${pid})`);
    await withLock(lockFile(context.root), { abort: context.abort, onWait }, async () => {
      for (const step of steps) await runStep(step, context);
    });
  }
  report.say(`  Set-up took ${seconds(performance.now() - startedAt)}.\n`);
}

/** @param {Step} step @param {Context} context @returns {boolean} whether there is nothing to do */
function sayInPlace(step, { report, ...rest }) {
  const startedAt = performance.now();
  const found = stateOf(step, { report, ...rest });
  const ms = performance.now() - startedAt;
  if (found.state === 'present') report.line('✓', step.name, 'in place', ms);
  if (found.state === 'missing') report.line('–', step.name, found.why, ms);
  return found.state !== 'absent';
}

/** @param {Step} step @param {Context} context */
async function runStep(step, context) {
  if (context.abort.aborted) throw new AbortedError();
  if (!context.fresh && sayInPlace(step, context)) return;
  const { root, report } = context;
  const key = step.key(context);
  if (key === undefined) return;
  const line = report.begin(step.name);
  try {
    dropStamp(root, step.name);
    const result = await step.work(context, line.progress);
    if (!step.present(context)) throw new SetupError('it ended well, but its result is not there.');
    line.done(result);
    // Anew: what the step made may be a part of its key.
    writeStamp(root, step.name, { key: step.key(context) ?? key });
  } catch (error) {
    if (error instanceof AbortedError || context.abort.aborted) {
      line.failed();
      throw new AbortedError();
    }
    const why = explain(error);
    if (step.optional) {
      line.missing(why.split('\n', 1)[0] ?? '');
      writeStamp(root, step.name, { key, missing: why.split('\n', 1)[0] ?? '' });
      return;
    }
    line.failed();
    throw new SetupError(`Set-up step "${step.name}": ${why}`, error);
  }
}

/** @param {unknown} error */
function explain(error) {
  if (error instanceof SetupError) return error.message;
  if (error instanceof CommandError) return `${error.message}\n\n${error.tail}`;
  throw error;
}
