#!/usr/bin/env node
// Starts the command line under the project's exact Node, whatever Node the shell has.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../scripts/setup/errors.mjs';
import { handOver } from '../scripts/setup/hand-over.mjs';
import { exactNode } from '../scripts/setup/node-version.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'apps', 'cli', 'src', 'main.ts');

try {
  if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) {
    throw new SetupError(
      `drape is not set up yet. Run this first:  npm run setup --prefix ${root}`,
    );
  }
  process.exitCode = await handOver(exactNode(root), [program, ...process.argv.slice(2)]);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3; // The command line's own code for "not set up".
}
