import type { ChildProcess } from 'node:child_process';

/** Resolves when the process is gone. Idempotent; of several callers the shortest grace wins. */
export function terminate(child: ChildProcess, graceMs: number): Promise<void> {
  const gone = exited(child);
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return gone;
  if (graceMs > 0) child.kill('SIGTERM');
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
  }, graceMs);
  return gone.finally(() => {
    clearTimeout(timer);
  });
}

/** Resolves when the process is gone, or was never there. */
export function exited(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
}

/** What is known of an end, for errors: `exit code 1` or `signal SIGKILL`. */
export function describeExit(child: ChildProcess): string {
  if (child.signalCode !== null) return `signal ${child.signalCode}`;
  if (child.exitCode !== null) return `exit code ${child.exitCode}`;
  return 'still running';
}
