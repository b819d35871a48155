import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, command } from '../command.mjs';
import { SetupError } from '../errors.mjs';
import { needsLive } from '../live.mjs';
import { exactNode } from '../node-version.mjs';
import { hashOfFile, keyOf } from '../stamp.mjs';

/** What goes into the pages; what lies in public/ is served as it is. */
const sources = [
  'apps/web/src',
  'apps/web/messages',
  'apps/web/next.config.ts',
  'apps/web/postcss.config.mjs',
  'apps/web/tsconfig.json',
  'packages/contract/src',
  'packages/anonymizer/src/browser',
  'packages/anonymizer/src/core',
];

/** @type {import('../steps.mjs').Step} */
export default {
  name: 'pages',
  entries: ['setup', 'start', 'test', 'probe', 'eval', 'bench'],
  key(context) {
    const { root } = context;
    if (!needsLive(context)) return undefined;
    const lock = hashOfFile(join(root, 'package-lock.json'));
    return keyOf(lock, ...sources.flatMap((path) => hashes(join(root, path))));
  },
  present: ({ root }) => existsSync(join(root, 'apps', 'web', '.next', 'BUILD_ID')),
  async work({ root, abort }, progress) {
    const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
    try {
      await command(exactNode(root), [next, 'build', join(root, 'apps', 'web')], {
        abort,
        cwd: root,
        env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
        onLine: progress,
      });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(`the pages could not be built. Next said:\n\n${error.tail}`, error);
    }
    return 'built';
  },
};

/** @param {string} path of a file or folder @returns {string[]} */
function hashes(path) {
  if (!existsSync(path)) return ['absent'];
  if (statSync(path).isFile()) return [hashOfFile(path)];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name }) => [name, ...hashes(join(path, name))]);
}
