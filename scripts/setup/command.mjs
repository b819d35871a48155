import { spawn } from 'node:child_process';
import { AbortedError } from './errors.mjs';

/** Last lines kept of a command's output, for its failure message. */
const tailLines = 30;
/** Between SIGTERM and SIGKILL. */
const graceMs = 5000;

/** A command that could not start or did not end with 0: facts, and the end of its output. */
export class CommandError extends Error {
  /** @param {{ command: string, code: number | string | null, tail: string }} facts */
  constructor({ command, code, tail }) {
    super(`"${command}" ended with ${code ?? 'a signal'}`);
    this.name = 'CommandError';
    this.code = code;
    this.tail = tail;
  }
}

/**
 * Runs a command without a terminal and waits for its end.
 * @param {string} file
 * @param {string[]} args
 * @param {{ abort: AbortSignal, cwd?: string, env?: Record<string, string | undefined>, onLine?: (line: string) => void }} options
 * @returns {Promise<string>} the last lines of its output (both streams)
 * @throws {CommandError}
 * @throws {AbortedError} when `abort` fired; the command is ended first
 */
export function command(file, args, { abort, cwd, env, onLine }) {
  if (abort.aborted) return Promise.reject(new AbortedError());
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {string[]} */
    let lines = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        const fresh = String(text)
          .split(/[\r\n]+/)
          .filter((line) => line.trim() !== '');
        lines = [...lines, ...fresh].slice(-tailLines);
        for (const line of fresh) onLine?.(line);
      });
    }
    /** @type {NodeJS.Timeout | undefined} */
    let killer;
    const end = () => {
      child.kill('SIGTERM');
      killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    };
    abort.addEventListener('abort', end);
    /** @param {number | string | null} code */
    const settle = (code) => {
      clearTimeout(killer);
      abort.removeEventListener('abort', end);
      const tail = lines.join('\n');
      if (abort.aborted) reject(new AbortedError());
      else if (code === 0) resolve(tail);
      else reject(new CommandError({ command: [file, ...args].join(' '), code, tail }));
    };
    child.on('error', (error) => settle(/** @type {NodeJS.ErrnoException} */ (error).code ?? 1));
    child.on('close', settle);
  });
}

/** @param {string} tail @returns {boolean} whether the output speaks of a network that isn't there */
export function looksOffline(tail) {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|Temporary failure|Could not resolve|NewConnectionError|network request|fetch failed/i.test(
    tail,
  );
}
