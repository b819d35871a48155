import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, command } from '../command.mjs';
import { SetupError } from '../errors.mjs';
import { exactNode } from '../node-version.mjs';
import { hashOfFile, keyOf } from '../stamp.mjs';

/** Packages with compiled parts; each is loaded once, in its own process. */
const parts = ['node-av/lib', 'onnxruntime-node', 'sharp'];

/** @type {import('../steps.mjs').Step} */
export default {
  name: 'native parts',
  entries: ['setup', 'start', 'test', 'probe', 'eval', 'bench'],
  key: ({ root }) => keyOf(exactNode(root), hashOfFile(join(root, 'package-lock.json'))),
  present: ({ root }) =>
    parts.every((part) => existsSync(join(root, 'node_modules', part.split('/')[0] ?? part))),
  async work({ root, abort }, progress) {
    for (const part of parts) {
      progress(`loading ${part}`);
      try {
        await command(exactNode(root), ['--input-type=module', '-e', `await import('${part}')`], {
          abort,
          cwd: root,
        });
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        throw new SetupError(
          `"${part}" is installed but does not load on ${process.platform}-${process.arch}.\n` +
            `It needs a 64-bit Linux with glibc (Debian 12 or newer is tried) or macOS. If the package\n` +
            `is damaged, "npm run setup -- --fresh" installs it again. Node said:\n\n${error.tail}`,
          error,
        );
      }
    }
    return `${parts.join(', ')} load`;
  },
};
