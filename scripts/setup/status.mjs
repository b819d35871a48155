import { stateOf } from './steps.mjs';

/**
 * Says what is in place and what a set-up would do.
 * @param {import('./steps.mjs').Step[]} steps
 * @param {import('./steps.mjs').Context} context
 * @returns {Promise<number>} 0 when nothing is left to do, 1 otherwise
 */
export async function status(steps, context) {
  let missing = 0;
  for (const step of steps) {
    const startedAt = performance.now();
    const found = stateOf(step, context);
    const ms = performance.now() - startedAt;
    if (found.state === 'absent' && !step.optional) missing += 1;
    const mark = { none: '·', present: '✓', absent: '…', missing: '–' }[found.state];
    const says = { none: 'not needed here', present: 'in place', absent: 'to be done' };
    const text = found.state === 'missing' ? found.why : says[found.state];
    context.report.line(mark, step.name, text, ms);
  }
  return missing === 0 ? 0 : 1;
}
