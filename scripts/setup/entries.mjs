/**
 * What can be asked for. Which steps an entry needs stands in the steps themselves.
 * @typedef {object} Entry
 * @property {string} says one line for the reader
 * @property {string} [program] file to run under the exact Node, relative to the root
 * @property {string[]} [args] arguments before the caller's own
 */

/** @type {Record<string, Entry>} */
export const entries = {
  setup: { says: 'sets up everything a user needs and stops; --fresh redoes it' },
  start: { says: 'opens the product', program: 'scripts/entries/start.ts' },
  test: {
    says: 'type check, lint, format, tests, a browser against the real servers',
    program: 'scripts/entries/test.mjs',
  },
  lint: {
    says: 'type check, lint, format',
    program: 'scripts/entries/test.mjs',
    args: ['--no-tests'],
  },
  eval: { says: 'measures what is covered', program: 'eval/src/main.ts' },
  probe: {
    says: 'publishes a clip through the pages and says what a viewer saw',
    program: 'e2e/src/probe/main.ts',
  },
  bench: { says: 'measures speed', program: 'bench/src/main.ts' },
  train: { says: 'trains the detectors', program: 'models/train/run.mjs' },
  status: { says: 'says which steps are in place and changes nothing' },
};
