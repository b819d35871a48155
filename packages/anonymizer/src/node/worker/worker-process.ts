import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { Arena } from './arena.ts';
import { WorkerError } from './errors.ts';
import { openLink } from './handshake.ts';
import type { Link, LinkOptions } from './link.ts';
import { StderrLog } from './stderr-log.ts';
import { describeExit, exited, terminate } from './terminate.ts';
import { boundsOf, limitsOf, type WorkerSpec } from './worker-spec.ts';

/** How long an end of the stream may be ahead of the exit that it belongs to. */
const EXIT_AFTER_END_MS = 500;

export interface WorkerProcessHooks {
  readonly onMemory?: (rssBytes: number) => void;
  readonly onRoom?: () => void;
  /** Gives up a start that is under way: it rejects as `closed`. */
  readonly signal?: AbortSignal;
}

/** A running worker: its process, its memory, its link. */
export interface WorkerProcess {
  readonly pid: number;
  readonly link: Link;
  /** SIGTERM, then SIGKILL; open calls are told. Resolves when the process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a worker: a race of hello, exit and timeout. It rejects with a WorkerError, and then
 * nothing of it is left.
 */
export async function startWorker(
  spec: WorkerSpec,
  name: string,
  hooks: WorkerProcessHooks = {},
): Promise<WorkerProcess> {
  const bounds = boundsOf(spec);
  const limits = limitsOf(spec);
  const arena = bounds.slots > 0 ? Arena.open(bounds.slots, limits.maxPayloadBytes) : undefined;
  const child = await spawnChild(spec, name, arena);
  const [output, input, errors] = child.stdio as [Writable, Readable, Readable, null, null];
  const stderr = new StderrLog(name, errors, spec.onLog);
  const gone = exited(child).then(() => arena?.close());
  const options: LinkOptions = {
    ...bounds,
    ...hooks,
    name,
    input,
    output,
    arena,
    limits,
    deflate: false,
    methods: spec.methods ?? {},
    onLog: spec.onLog,
    onMetrics: spec.onMetrics,
  };
  const timer = new AbortController();
  try {
    // A write to a process that is gone: its exit is what is reported.
    output.on('error', noop);
    input.on('error', noop);
    const link = await Promise.race([
      openLink(options),
      exitBeforeHello(child, { name, stderr }),
      startTimeout(name, bounds.startTimeoutMs, timer.signal),
      givenUp(name, hooks.signal, timer.signal),
    ]);
    watchEnd(child, input, link);
    // Whatever ended the link, a process that can't be spoken to must go.
    void link.ended.then(() => terminate(child, bounds.killGraceMs));
    return {
      pid: child.pid ?? 0,
      link,
      stop: async () => {
        link.fail('closed');
        await gone;
      },
    };
  } catch (error) {
    await terminate(child, 0);
    await gone;
    throw error;
  } finally {
    timer.abort();
  }
}

async function spawnChild(
  spec: WorkerSpec,
  name: string,
  arena: Arena | undefined,
): Promise<ChildProcess> {
  try {
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.cwd,
      env: { ...inherited(), ...spec.env, DRAPE_WORKER_PARENT: String(process.pid) },
      stdio: ['pipe', 'pipe', 'pipe', arena ? arena.fd : 'ignore'],
    });
    if (child.pid !== undefined) return child;
    const [cause] = (await once(child, 'error')) as [Error];
    throw cause;
  } catch (cause) {
    arena?.close();
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const detail = cause instanceof Error ? cause.message : 'it could not be started';
    const reason = missing ? 'python-missing' : 'start-failed';
    throw new WorkerError(reason, { worker: name, detail, cause });
  }
}

/** What a program needs to run at all. Secrets of the host's environment stay here. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'SYSTEMROOT', 'LD_LIBRARY_PATH'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function exitBeforeHello(
  child: ChildProcess,
  about: { name: string; stderr: StderrLog },
): Promise<never> {
  return new Promise((_, reject) => {
    // `close`, not `exit`: what it wrote before it went, a fatal message above all, comes first.
    child.once('close', () => {
      const tail = about.stderr.tail;
      const detail = `${describeExit(child)}${tail === '' ? '' : `, stderr:\n${tail}`}`;
      // Without msgpack it can't even say so in the protocol.
      const reason = tail.includes('ModuleNotFoundError') ? 'package-missing' : 'start-failed';
      reject(new WorkerError(reason, { worker: about.name, detail }));
    });
  });
}

function startTimeout(worker: string, timeoutMs: number, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => {
      const detail = `no hello after ${timeoutMs} ms`;
      reject(new WorkerError('start-timeout', { worker, detail }));
    }, timeoutMs);
    ended.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  });
}

/** Rejects when the caller gives the start up; silent for good once the start has `ended`. */
export function givenUp(
  worker: string,
  signal: AbortSignal | undefined,
  ended: AbortSignal,
): Promise<never> {
  return new Promise((_, reject) => {
    const closed = (): void => {
      reject(new WorkerError('closed', { worker }));
    };
    if (signal?.aborted === true) closed();
    else signal?.addEventListener('abort', closed, { once: true, signal: ended });
  });
}

function watchEnd(child: ChildProcess, input: Readable, link: Link): void {
  const report = (): void => {
    const isGone = child.exitCode !== null || child.signalCode !== null;
    link.inputEnded({ exited: isGone, detail: describeExit(child) });
  };
  // Not at `exit`: answers that it wrote before may still be in the pipe.
  child.once('close', report);
  // A child of its own may keep the pipe open, and it may close the pipe and live.
  const reportSoon = (): void => {
    setTimeout(report, EXIT_AFTER_END_MS).unref();
  };
  child.once('exit', reportSoon);
  input.once('end', reportSoon);
}

function noop(): void {
  // Reported elsewhere.
}
