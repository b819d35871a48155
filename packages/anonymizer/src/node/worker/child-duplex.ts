import type { ChildProcess } from 'node:child_process';
import { Duplex } from 'node:stream';
import { WorkerError } from './errors.ts';
import { StderrLog } from './stderr-log.ts';
import { describeExit, terminate } from './terminate.ts';
import type { WorkerLogger } from './worker-log.ts';

export interface ChildDuplexOptions {
  /** What errors and logs call it, such as `ffmpeg decode`. */
  readonly name: string;
  readonly onLog?: WorkerLogger;
  /** From SIGTERM to SIGKILL when the stream is destroyed, in milliseconds. Default 500. */
  readonly killGraceMs?: number;
}

/**
 * A child's stdin and stdout as one stream, for `pipeline(source, decode, worker, encode, sink)`.
 *
 * - What is written waits until the child reads; what it writes waits until somebody reads.
 * - `end()` ends its stdin; it ends when its stdout is read to the end **and** it exited with 0.
 *   Any other exit destroys it with a WorkerError `exited` that has the last lines of stderr.
 * - A child that exits with 0 before it read everything, as `head` does, is no error: the rest of
 *   what is written to it is dropped.
 * - `destroy()` ends the child: SIGTERM, then SIGKILL.
 *
 * It needs a child with `stdio: 'pipe'`, and owns it from then on.
 */
export function childDuplex(child: ChildProcess, options: ChildDuplexOptions): Duplex {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new TypeError("a child needs stdio: 'pipe'");
  const log = new StderrLog(options.name, stderr, options.onLog);
  let ended = false;
  let exited = false;

  const duplex = new Duplex({
    // A child may write on after its input ended.
    allowHalfOpen: true,
    write(chunk: Buffer, _encoding, done) {
      if (exited || stdin.destroyed) done();
      else if (stdin.write(chunk)) done();
      else whenRoom(done);
    },
    final(done) {
      if (!stdin.destroyed) stdin.end();
      done();
    },
    read() {
      stdout.resume();
    },
    destroy(error, done) {
      void terminate(child, options.killGraceMs ?? 500).then(() => {
        done(error);
      });
    },
  });

  function whenRoom(done: () => void): void {
    const go = (): void => {
      stdin?.off('drain', go).off('close', go);
      done();
    };
    stdin?.once('drain', go).once('close', go);
  }

  function finish(): void {
    if (ended && exited && child.exitCode === 0) duplex.push(null);
  }

  stdout.on('data', (chunk: Buffer) => {
    if (!duplex.push(chunk)) stdout.pause();
  });
  stdout.on('end', () => {
    ended = true;
    finish();
  });
  // EPIPE: the child has gone, and its exit says why.
  stdin.on('error', noop);
  child.once('error', (cause) => {
    const missing = 'code' in cause && cause.code === 'ENOENT';
    const detail = missing ? `${cause.message}: is it installed?` : cause.message;
    duplex.destroy(new WorkerError('start-failed', { worker: options.name, detail, cause }));
  });
  // Not `close`: that waits until stdout was read, which may be never.
  child.once('exit', (code) => {
    exited = true;
    if (code === 0) {
      finish();
      return;
    }
    // What it said last is still on its way.
    setImmediate(() => {
      const tail = log.tail === '' ? '' : `, stderr:\n${log.tail}`;
      const detail = describeExit(child) + tail;
      duplex.destroy(new WorkerError('exited', { worker: options.name, detail }));
    });
  });
  return duplex;
}

function noop(): void {
  // Reported elsewhere.
}
