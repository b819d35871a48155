import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './errors.mjs';

const oldestForSetup = 20;
/** Types are stripped since 22.18, `using` needs V8 13.6: Node 24. */
const oldestForProject = 24;

/**
 * @param {string} version such as "20.20.2"
 * @throws {SetupError} when the machine's Node is too old for the set-up itself
 */
export function checkNodeVersion(version) {
  if (Number.parseInt(version, 10) >= oldestForSetup) return;
  throw new SetupError(
    `Node ${version} is too old: the set-up needs Node ${oldestForSetup} or newer.\n` +
      `Install one (https://nodejs.org, or your system's packages) and run the command again.`,
  );
}

/**
 * The Node that runs the project: the exact one from npm where npm has it, else the machine's.
 * @param {string} root
 * @returns {string} a path
 * @throws {SetupError} where npm has none and the machine's is too old
 */
export function exactNode(root, machine = { path: process.execPath, ...process.versions }) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = join(root, 'node_modules', '.bin', name);
  if (existsSync(pinned)) return pinned;
  if (Number.parseInt(machine.node, 10) >= oldestForProject) return machine.path;
  throw new SetupError(
    `npm has no exact Node for ${process.platform}-${process.arch}, and yours is ${machine.node}: ` +
      `install Node ${oldestForProject} or newer and run the command again.`,
  );
}
