import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import { freePort } from './free-port.ts';

/** What starts the pages on a loopback port; tests bring a smaller program. */
export interface WebProgram {
  /** Path of the program, or why there is none yet. */
  find(): { readonly program: string } | { readonly missing: string };
  /** Its arguments. */
  args(port: number): string[];
  readonly cwd: string;
}

/** `next start` of what the set-up built. */
export function nextProgram(webDir: string): WebProgram {
  return {
    cwd: webDir,
    args: (port) => ['start', '--hostname', '127.0.0.1', '--port', String(port)],
    find() {
      if (!existsSync(join(webDir, '.next', 'BUILD_ID'))) {
        return { missing: 'the pages are not built: npm run setup' };
      }
      // Next is a dependency of the pages, not of this server.
      const from = createRequire(join(webDir, 'package.json'));
      return { program: from.resolve('next/dist/bin/next') };
    },
  };
}

const readyWithinMs = 60_000;
const lookEveryMs = 100;
/** Alive so long, it has not failed at its start: the next restart is quick again. */
const soundAfterMs = 30_000;
const firstDelayMs = 250;
const longestDelayMs = 10_000;
const graceMs = 2000;

/** The process that serves the pages: started again whenever it ends, until close(). */
export class WebServer {
  readonly #program: WebProgram;
  readonly #log: Log;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #port: number | undefined;
  #state = 'starting';

  constructor(program: WebProgram, log: Log) {
    this.#program = program;
    this.#log = log;
    this.#running = this.#keepRunning();
  }

  /** `ok`, or what is wrong. */
  get state(): string {
    return this.#state;
  }

  /** Where it listens; undefined while it is down. */
  get origin(): string | undefined {
    return this.#port === undefined ? undefined : `http://127.0.0.1:${this.#port}`;
  }

  /** Idempotent; resolves when the process is gone. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#closing;
    let delayMs = firstDelayMs;
    while (!signal.aborted) {
      const startedAt = performance.now();
      const found = this.#program.find();
      if ('missing' in found) this.#state = found.missing;
      else await this.#runOnce(found.program);
      this.#port = undefined;
      if (performance.now() - startedAt > soundAfterMs) delayMs = firstDelayMs;
      await pause(delayMs, undefined, { signal }).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    }
    this.#state = 'stopped';
  }

  /** Resolves when the process has ended. */
  async #runOnce(program: string): Promise<void> {
    const port = await freePort();
    const child = this.#start(program, port);
    const over = new AbortController();
    const ended = new Promise<string>((resolve) => {
      child.once('error', ({ message }) => {
        resolve(message);
      });
      child.once('exit', (code, signal) => {
        resolve(signal ?? `exit code ${code ?? '?'}`);
      });
    }).finally(() => {
      over.abort();
    });
    const stop = () => void terminate(child, over.signal);
    this.#closing.signal.addEventListener('abort', stop);
    if (this.#closing.signal.aborted) stop();
    if (await answers(port, over.signal)) {
      this.#port = port;
      this.#state = 'ok';
      this.#log.info({ port }, 'pages are served');
    } else if (!over.signal.aborted) {
      this.#log.error({ withinMs: readyWithinMs }, 'pages did not come up');
      stop();
    }
    const reason = await ended;
    this.#closing.signal.removeEventListener('abort', stop);
    this.#port = undefined;
    if (this.#closing.signal.aborted) return;
    this.#state = `restarting after ${reason}`;
    this.#log.warn({ reason }, 'web server ended and is started again');
  }

  #start(program: string, port: number): ChildProcess {
    const child = fork(program, this.#program.args(port), {
      cwd: this.#program.cwd,
      execArgv: ['--import', join(import.meta.dirname, 'orphan-guard.ts')],
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C on a terminal reaches everyone in the group; whether it ends is for close() to say.
      detached: process.platform !== 'win32',
    });
    if (child.stdout) {
      createInterface(child.stdout).on('line', (line) => {
        this.#log.debug({ line: line.slice(0, 500) }, 'web server says');
      });
    }
    if (child.stderr) {
      createInterface(child.stderr).on('line', (line) => {
        this.#log.warn({ line: line.slice(0, 500) }, 'web server complains');
      });
    }
    return child;
  }
}

/** Nothing of ours: it needs no configuration, and reports to nobody. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TZ, TMPDIR, SystemRoot } = process.env;
  const kept = Object.entries({ PATH, HOME, LANG, TZ, TMPDIR, SystemRoot });
  return {
    ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)),
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  };
}

/** Whether it answers, with whatever, before it ends or the time is up. */
async function answers(port: number, over: AbortSignal): Promise<boolean> {
  const deadline = AbortSignal.timeout(readyWithinMs);
  const signal = AbortSignal.any([over, deadline]);
  while (!signal.aborted) {
    try {
      await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD', redirect: 'manual', signal });
      return true;
    } catch {
      await pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}

async function terminate(child: ChildProcess, over: AbortSignal): Promise<void> {
  child.kill('SIGTERM');
  await pause(graceMs, undefined, { signal: over }).catch(() => undefined);
  if (!over.aborted) child.kill('SIGKILL');
}
